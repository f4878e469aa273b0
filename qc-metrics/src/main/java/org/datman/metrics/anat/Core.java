package org.datman.metrics.anat;

import org.datman.analysis.image.Grid;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Morphology;
import org.datman.analysis.mask.Morphology.Neighbours;
import org.datman.analysis.stats.Statistics;

/**
 * The bright smooth middle of a brain, without a segmentation: deep inside the brain mask, intensities between its 75th and 95th
 * percentile, largest component, of that the fifth with the lowest gradient. White matter on T1. Robust for trend lines.
 */
final class Core {

    private static final int FEWEST = 100;

    private Core() {}

    /** The core, id {@code core}; empty when the brain is too small to have one. */
    static Mask of(Grid grid, float[] image, float[] gradient, Mask brain) {
        Mask deep = brain;
        for (double mm = 10; mm >= 2; mm -= 4) {
            deep = Morphology.erodeMm(brain, mm);
            if (deep.count() >= 20 * FEWEST) {
                break;
            }
        }
        float[] values = deep.values(image);
        if (values.length < FEWEST) {
            return new Mask(grid, new boolean[image.length], "core");
        }
        double low = Statistics.quantile(values, 0.75);
        double high = Statistics.quantile(values, 0.95);
        boolean[] bright = new boolean[image.length];
        for (int v = 0; v < bright.length; v++) {
            bright[v] = deep.in()[v] && image[v] >= low && image[v] <= high;
        }
        Mask connected = Morphology.largest(new Mask(grid, bright, "core"), Neighbours.FACES_6);
        if (connected.count() < FEWEST) {
            connected = new Mask(grid, bright, "core");
        }
        double calm = Statistics.quantile(connected.values(gradient), 0.2);
        boolean[] out = new boolean[image.length];
        for (int v = 0; v < out.length; v++) {
            out[v] = connected.in()[v] && gradient[v] <= calm;
        }
        return new Mask(grid, out, "core");
    }
}
