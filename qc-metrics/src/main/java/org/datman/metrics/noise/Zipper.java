package org.datman.metrics.noise;

import org.datman.metrics.image.Grid;
import org.datman.metrics.mask.Mask;
import org.datman.metrics.stats.Robust;

/**
 * Lines of RF noise: a column or row of the background that is stronger than the columns beside it, in all slices together or in one.
 */
public final class Zipper {

    private static final int FEWEST = 24;
    private static final int PARTS = 6;
    private static final int FEWEST_IN_PART = 6;
    private static final double LEAST_SHARE = 0.35;
    private static final int INNER = 2;
    private static final int OUTER = 7;

    /**
     * The strongest line.
     *
     * @param score robust z of its power against its neighbours; 0 when nothing runs along a whole line, NaN when there is too little
     *     background
     * @param axis file axis across which the line is narrow
     * @param index position on that axis, -1 when there is no line
     * @param slice the slice, or -1 when it is in all of them
     */
    public record Line(double score, int axis, int index, int slice) {}

    private Zipper() {}

    /** Looks along both image axes, slice by slice and over all slices. */
    public static Line find(Grid grid, float[] image, Mask background, int sliceAxis) {
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
        int other = 3 - axis - sliceAxis;
        int span = grid.dim(other);
        // Part PARTS is the sum of the others.
        double[][][] square = new double[slices + 1][PARTS + 1][n];
        int[][][] count = new int[slices + 1][PARTS + 1][n];
        int stride = grid.stride(axis);
        int sliceStride = grid.stride(sliceAxis);
        for (int v = 0; v < image.length; v++) {
            if (background.in()[v] && image[v] > 0) {
                int at = v / stride % n;
                int slice = v / sliceStride % slices;
                double s = (double) image[v] * image[v];
                int part = v / grid.stride(other) % span * PARTS / span;
                for (int p : new int[] {part, PARTS}) {
                    square[slice][p][at] += s;
                    count[slice][p][at]++;
                    square[slices][p][at] += s;
                    count[slices][p][at]++;
                }
            }
        }
        Line best = new Line(Double.NaN, axis, -1, -1);
        for (int s = 0; s <= slices; s++) {
            best = stronger(best, strongest(square[s], count[s], axis, s == slices ? -1 : s));
        }
        return best;
    }

    private static Line strongest(double[][] parts, int[][] counts, int axis, int slice) {
        double[] square = parts[PARTS];
        int[] count = counts[PARTS];
        int n = square.length;
        double best = Double.NaN;
        int index = -1;
        boolean looked = false;
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
            looked = true;
            if ((Double.isNaN(best) || z > best) && alongAll(parts, counts, i, level)) {
                best = z;
                index = i;
            }
        }
        if (looked && Double.isNaN(best)) {
            // There is air enough, and nothing in it runs along a whole line.
            return new Line(0, axis, -1, slice);
        }
        return new Line(best, axis, index, slice);
    }

    /** Interference runs along the whole line; a ghost or an ear crosses it at one place. */
    private static boolean alongAll(double[][] parts, int[][] counts, int i, double level) {
        double whole = parts[PARTS][i] / counts[PARTS][i] - level;
        int seen = 0;
        for (int p = 0; p < PARTS; p++) {
            if (counts[p][i] >= FEWEST_IN_PART) {
                seen++;
                if (parts[p][i] / counts[p][i] - level < LEAST_SHARE * whole) {
                    return false;
                }
            }
        }
        return seen >= 2;
    }
}
