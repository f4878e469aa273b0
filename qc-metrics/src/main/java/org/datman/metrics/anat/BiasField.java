package org.datman.metrics.anat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.datman.analysis.image.BlockGrid;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.LogField;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.image.Smooth;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Morphology;
import org.datman.analysis.stats.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Smooth receive field inside a brain on cells of 4 mm. It begins as a cubic polynomial in log intensity through the brightest third
 * (white matter on T1) and is then updated by the residuals of the tissue classes, smoothed by a Gaussian: the field's step of
 * expectation-maximisation in Wells et al. 1996 (Adaptive segmentation of MRI data, IEEE TMI 15:429) and in FAST (Zhang et al. 2001).
 */
final class BiasField {

    private static final double CELL_MM = 4;
    private static final double INSIDE = 0.95;
    /** Wide enough that cortex and nuclei are not fitted as field. */
    private static final double SMOOTH_MM = 50;

    private final BrainBlocks blocks;
    private final BlockGrid coarse;
    private final Grid grid;
    private final int[] inside;
    /** Mean intensity over field of each cell; 0 outside the brain. */
    private final float[] mean;
    /** Log of white matter's intensity where the field was first flat: the rest is small, so that no precision is lost in rounding. */
    private final double base;
    /** Log of the field over the base; its level is that of white matter. */
    private final double[] log;

    private BiasField(BrainBlocks blocks, BlockGrid coarse, int[] inside, float[] mean, double base, double[] log) {
        this.blocks = blocks;
        this.coarse = coarse;
        this.grid = coarse.grid();
        this.inside = inside;
        this.mean = mean;
        this.base = base;
        this.log = log;
    }

    /** The polynomial; null when the brain is too small or flat for a fit. */
    static @Nullable BiasField of(BrainBlocks blocks) {
        BlockGrid coarse = BlockGrid.of(blocks.grid(), CELL_MM);
        float[] value = blocks.value();
        float[] in = new float[value.length];
        for (int v = 0; v < in.length; v++) {
            in[v] = value[v] > 0 ? 1 : 0;
        }
        float[] share = coarse.shrink(in);
        float[] mean = coarse.shrink(value);
        int[] inside =
                IntStream.range(0, mean.length).filter(c -> share[c] > INSIDE).toArray();
        LogField fit = LogField.fit(coarse.grid(), mean, inside, LogField.Degree.CUBIC);
        if (fit == null) {
            return null;
        }
        double base =
                Statistics.median(Arrays.stream(inside).mapToDouble(fit::at).toArray());
        double[] log = new double[mean.length];
        Parallel.blocks(mean.length, 4096, (from, to) -> {
            for (int c = from; c < to; c++) {
                double field = fit.at(c);
                log[c] = field - base;
                mean[c] = share[c] > 0 ? (float) (mean[c] / share[c] / Math.exp(field)) : 0;
            }
        });
        return new BiasField(blocks, coarse, inside, mean, base, log);
    }

    /** Intensities over field, 1 for white matter; 0 outside the brain. */
    float[] corrected() {
        float[] out = blocks.value().clone();
        double[] gain = new double[log.length];
        Arrays.setAll(gain, c -> Math.exp(-base - log[c]));
        multiply(out, gain);
        return out;
    }

    /**
     * Updates the field by the smoothed mean of the classes' residuals, and the intensities with it.
     *
     * @param corrected intensities over field, changed in place
     * @param weighted sum over each cell of the log residual, times its weight
     * @param weight sum over each cell of the weights
     * @param white white matter's level among the intensities, 1 afterwards
     */
    void move(float[] corrected, float[] weighted, float[] weight, double white) {
        float[] a = Smooth.gaussian(grid, weighted, SMOOTH_MM);
        float[] b = Smooth.gaussian(grid, weight, SMOOTH_MM);
        double[] gain = new double[a.length];
        for (int c = 0; c < gain.length; c++) {
            double step = Math.log(white) + (b[c] > 0 ? a[c] / b[c] : 0);
            log[c] += step;
            gain[c] = Math.exp(-step);
            mean[c] *= (float) gain[c];
        }
        multiply(corrected, gain);
    }

    /** Cell of a block. */
    int cell(int i, int j, int k) {
        return grid.index(i / coarse.factor(0), j / coarse.factor(1), k / coarse.factor(2));
    }

    int cells() {
        return log.length;
    }

    /** The field at the brain's cells, median 1. */
    double[] relative() {
        double[] field = Arrays.stream(inside).mapToDouble(c -> log[c]).toArray();
        double middle = Statistics.median(field);
        Arrays.setAll(field, c -> Math.exp(field[c] - middle));
        return field;
    }

    /** White matter's intensity where the field has its median. */
    double unit() {
        return Math.exp(base
                + Statistics.median(
                        Arrays.stream(inside).mapToDouble(c -> log[c]).toArray()));
    }

    /** Median of what is deeper than so many millimetres over the median of all; NaN when nothing is. */
    double deepOverAll(double mm) {
        boolean[] in = new boolean[mean.length];
        for (int c : inside) {
            in[c] = true;
        }
        boolean[] deep = Morphology.erodeMm(new Mask(grid, in, "cells"), mm).in();
        double[] all = Arrays.stream(inside).mapToDouble(c -> mean[c]).toArray();
        double[] some = Arrays.stream(inside)
                .filter(c -> deep[c])
                .mapToDouble(c -> mean[c])
                .toArray();
        return Statistics.median(some) / Statistics.median(all);
    }

    /** Multiplies the brain's blocks by the values at the cells, trilinear between their centres. */
    private void multiply(float[] image, double[] gain) {
        Grid g = blocks.grid();
        Parallel.forEach(g.nz(), k -> {
            int[] z = new int[2];
            double w = between(k, coarse.factor(2), grid.nz(), z);
            int[] y = new int[2];
            int[] x = new int[2];
            double[] line = new double[grid.nx()];
            for (int j = 0; j < g.ny(); j++) {
                double v = between(j, coarse.factor(1), grid.ny(), y);
                for (int c = 0; c < line.length; c++) {
                    double low = gain[grid.index(c, y[0], z[0])] * (1 - v) + gain[grid.index(c, y[1], z[0])] * v;
                    double high = gain[grid.index(c, y[0], z[1])] * (1 - v) + gain[grid.index(c, y[1], z[1])] * v;
                    line[c] = low + w * (high - low);
                }
                for (int i = 0; i < g.nx(); i++) {
                    int at = g.index(i, j, k);
                    if (image[at] > 0) {
                        double u = between(i, coarse.factor(0), grid.nx(), x);
                        image[at] = (float) (image[at] * (line[x[0]] + u * (line[x[1]] - line[x[0]])));
                    }
                }
            }
        });
    }

    /** The two cells between whose centres a block is, and its distance from the first, as a share of that to the second. */
    private static double between(int block, int factor, int n, int[] cells) {
        double at = Math.max(0, Math.min(n - 1.0, (block + 0.5) / factor - 0.5));
        cells[0] = (int) at;
        cells[1] = Math.min(n - 1, cells[0] + 1);
        return at - cells[0];
    }
}
