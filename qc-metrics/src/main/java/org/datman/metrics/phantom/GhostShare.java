package org.datman.metrics.phantom;

import java.util.Arrays;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.image.Series;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Morphology;
import org.datman.analysis.mask.Morphology.Neighbours;
import org.datman.analysis.stats.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * The N/2 ghost of a phantom where the object rolled by half the field of view does not meet the object: its energy less that of the
 * air (so that noise does not count), as a fraction of the signal.
 *
 * @param mean root mean square over the place
 * @param bright root mean square over its brightest tenth
 * @param voxels of the place
 */
record GhostShare(double mean, double bright, int voxels) {

    private static final int FEWEST = 100;

    /** Measures, or null where the object fills the field of view. */
    static @Nullable GhostShare of(Series series, int start, Mask bright, Mask object, int phaseAxis) {
        Mask wide = Morphology.dilate(object, Neighbours.FACES_6, 2);
        Mask core = Morphology.erode(bright, Neighbours.FACES_6, 1);
        int half = series.grid().dim(phaseAxis) / 2;
        Mask place = core.rolled(phaseAxis, half, "ghost").andNot(wide, "ghost");
        Mask air = wide.not("air").andNot(wide.rolled(phaseAxis, half, "air"), "air");
        if (place.count() < FEWEST || air.count() < FEWEST) {
            return null;
        }
        int[] there = place.indices();
        int[] beside = air.indices();
        int[] inside = core.indices();
        int volumes = series.volumes() - start;
        double[] floor = new double[volumes];
        double[] signal = new double[volumes];
        double[] energy = new double[there.length];
        Parallel.forEach(volumes, t -> {
            float[] x = series.volume(start + t).data();
            for (int v : beside) {
                floor[t] += (double) x[v] * x[v] / beside.length;
            }
            for (int v : inside) {
                signal[t] += (double) x[v] / inside.length;
            }
        });
        for (int t = 0; t < volumes; t++) {
            float[] x = series.volume(start + t).data();
            for (int n = 0; n < there.length; n++) {
                energy[n] += (double) x[there[n]] * x[there[n]] / volumes;
            }
        }
        Arrays.sort(energy);
        double air2 = Statistics.mean(floor);
        double level = Statistics.mean(signal);
        int tenth = Math.max(1, energy.length / 10);
        double[] top = Arrays.copyOfRange(energy, energy.length - tenth, energy.length);
        return new GhostShare(share(energy, air2, level), share(top, air2, level), there.length);
    }

    private static double share(double[] energy, double air, double level) {
        return Math.sqrt(Math.max(0, Statistics.mean(energy) - air)) / level;
    }
}
