package org.datman.metrics.anat;

import org.datman.metrics.image.Grid;
import org.datman.metrics.mask.Mask;
import org.datman.metrics.stats.Robust;

/**
 * Lines of RF noise: a column or row of the background that is stronger than the columns beside it, in all slices together or in one.
 */
final class Zipper {

    private static final int FEWEST = 24;
    private static final int INNER = 2;
    private static final int OUTER = 7;

    /**
     * The strongest line.
     *
     * @param score robust z of its power against its neighbours; NaN when there is too little background
     * @param axis file axis across which the line is narrow
     * @param index position on that axis
     * @param slice the slice, or -1 when it is in all of them
     */
    record Line(double score, int axis, int index, int slice) {}

    private Zipper() {}

    static Line find(Grid grid, float[] image, Mask background, int sliceAxis) {
        Line best = new Line(Double.NaN, -1, -1, -1);
        for (int axis = 0; axis < 3; axis++) {
            if (axis != sliceAxis) {
                best = stronger(best, along(grid, image, background, axis, sliceAxis));
            }
        }
        return best;
    }

    private static Line stronger(Line a, Line b) {
        return Double.isNaN(a.score()) || b.score() > a.score() ? b : a;
    }

    private static Line along(Grid grid, float[] image, Mask background, int axis, int sliceAxis) {
        int n = grid.dim(axis);
        int slices = grid.dim(sliceAxis);
        double[][] square = new double[slices + 1][n];
        int[][] count = new int[slices + 1][n];
        int stride = grid.stride(axis);
        int sliceStride = grid.stride(sliceAxis);
        for (int v = 0; v < image.length; v++) {
            if (background.in()[v] && image[v] > 0) {
                int at = v / stride % n;
                int slice = v / sliceStride % slices;
                double s = (double) image[v] * image[v];
                square[slice][at] += s;
                count[slice][at]++;
                square[slices][at] += s;
                count[slices][at]++;
            }
        }
        Line best = new Line(Double.NaN, axis, -1, -1);
        for (int s = 0; s <= slices; s++) {
            best = stronger(best, strongest(square[s], count[s], axis, s == slices ? -1 : s));
        }
        return best;
    }

    private static Line strongest(double[] square, int[] count, int axis, int slice) {
        int n = square.length;
        double best = Double.NaN;
        int index = -1;
        double[] beside = new double[2 * OUTER];
        for (int i = 0; i < n; i++) {
            if (count[i] < FEWEST) {
                continue;
            }
            int m = 0;
            for (int d = INNER; d <= OUTER; d++) {
                for (int side = -1; side <= 1; side += 2) {
                    int o = i + side * d;
                    if (o >= 0 && o < n && count[o] >= FEWEST) {
                        beside[m++] = square[o] / count[o];
                    }
                }
            }
            if (m < OUTER) {
                continue;
            }
            double[] near = java.util.Arrays.copyOf(beside, m);
            double level = Robust.median(near);
            // Squares of noise are exponential: their mean over a column spreads by level / sqrt(count), or more with
            // structure.
            double spread = Math.max(Robust.madn(near), level / Math.sqrt(count[i]));
            double z = (square[i] / count[i] - level) / spread;
            if (Double.isNaN(best) || z > best) {
                best = z;
                index = i;
            }
        }
        return new Line(best, axis, index, slice);
    }
}
