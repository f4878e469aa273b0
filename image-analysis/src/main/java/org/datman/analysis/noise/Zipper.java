package org.datman.analysis.noise;

import java.util.Arrays;
import org.datman.analysis.image.Grid;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.stats.Statistics;

/**
 * Lines of RF noise (zipper artefacts) in the background, in all slices together or in one. Such a line is interference at one frequency: it
 * is narrow, both its sides are at the level of the noise, and its amplitude is constant over the field of view or changes from voxel to
 * voxel, when its phase differs from one phase encoding to the next. A truncation streak or the edge of a ghost is as bright, but changes
 * slowly along the line, because it follows the object.
 *
 * <p>A column is compared with the columns beside it over the same stretch of the line, and only where these are quiet: a ghost that
 * crosses or accompanies a part of the line neither hides it nor makes one.
 */
public final class Zipper {

    private static final int FEWEST = 24;
    private static final int INNER = 2;
    private static final int OUTER = 7;
    /** A line is cut into so many cells, of at least so many voxels. */
    private static final int CELLS = 16;

    private static final int SHORTEST_CELL = 4;
    private static final int FEWEST_IN_CELL = 2;
    private static final int FEWEST_BESIDE_CELL = 4;
    /** Most power of a quiet cell over the median of the slice's cells. */
    private static final double QUIET = 2;
    /** Mean excess of the columns at distance 2 and 3 on one side over that of the line: the sinc of one frequency leaves 0.1 at most. */
    private static final double MOST_BESIDE = 0.2;

    private static final int SIXTHS = 6;
    private static final int FEWEST_IN_SIXTH = 6;
    private static final int THIRDS = 3;
    private static final double LEAST_SHARE = 0.35;
    /** Variance of the sixths' mean amplitudes over what voxel-to-voxel changes explain (F of 5 degrees of freedom, p about 0.001). */
    private static final double SLOW_F = 5;
    /** Slow change of amplitude that a receiver's sensitivity may cause: coefficient of variation over the sixths. */
    private static final double SLOW_CV = 0.2;

    /**
     * The strongest line.
     *
     * @param score robust z of its power against its neighbours; 0 when there is no such line, NaN when there is too little background
     * @param axis file axis across which the line is narrow
     * @param index position on that axis, -1 when there is no line
     * @param slice the slice, or -1 when it is in all of them
     */
    public record Line(double score, int axis, int index, int slice) {}

    private final float[] image;
    private final boolean[] background;
    private final int stride;
    private final int alongStride;
    private final int sliceStride;
    private final int axis;
    private final int width;
    private final int span;
    private final int slices;
    private final int cell;
    private final int cells;
    /** Sum of squares and number of voxels, [slice][column][cell]; the last slice is all together. */
    private final double[][][] square;

    private final int[][][] count;

    /** The quiet stretch of the tested column. */
    private final boolean[] used;

    private Zipper(Grid grid, float[] image, Mask background, int axis, int sliceAxis) {
        int along = 3 - axis - sliceAxis;
        this.image = image;
        this.background = background.in();
        this.axis = axis;
        stride = grid.stride(axis);
        alongStride = grid.stride(along);
        sliceStride = grid.stride(sliceAxis);
        width = grid.dim(axis);
        span = grid.dim(along);
        slices = grid.dim(sliceAxis);
        cell = Math.max(SHORTEST_CELL, (span + CELLS - 1) / CELLS);
        cells = (span + cell - 1) / cell;
        square = new double[slices + 1][width][cells];
        count = new int[slices + 1][width][cells];
        used = new boolean[cells];
        for (int v = 0; v < image.length; v++) {
            if (this.background[v] && image[v] > 0) {
                int column = v / stride % width;
                int slice = v / sliceStride % slices;
                int c = v / alongStride % span / cell;
                double s = (double) image[v] * image[v];
                square[slice][column][c] += s;
                count[slice][column][c]++;
                square[slices][column][c] += s;
                count[slices][column][c]++;
            }
        }
    }

    /** Searches along both image axes, slice by slice and over all slices. */
    public static Line find(Grid grid, float[] image, Mask background, int sliceAxis) {
        Line best = new Line(Double.NaN, -1, -1, -1);
        for (int axis = 0; axis < 3; axis++) {
            if (axis != sliceAxis) {
                Zipper zipper = new Zipper(grid, image, background, axis, sliceAxis);
                for (int s = 0; s <= zipper.slices; s++) {
                    best = stronger(best, zipper.strongest(s));
                }
            }
        }
        return best;
    }

    private static Line stronger(Line a, Line b) {
        return Double.isNaN(a.score()) || b.score() > a.score() ? b : a;
    }

    private Line strongest(int slice) {
        double[][] power = power(slice);
        double floor = median(power);
        Line best = new Line(Double.NaN, axis, -1, slice == slices ? -1 : slice);
        double[] beside = new double[2 * (OUTER - INNER + 1)];
        for (int i = 0; i < width; i++) {
            int n = use(power, count[slice], i, QUIET * floor);
            if (n < FEWEST) {
                continue;
            }
            int m = 0;
            double[] left = new double[2];
            double[] right = new double[2];
            for (int d = INNER; d <= OUTER; d++) {
                for (int side = -1; side <= 1; side += 2) {
                    double p = mean(slice, i + side * d, Math.max(FEWEST / 2, n / 2));
                    if (Double.isFinite(p)) {
                        beside[m++] = p;
                        if (d <= INNER + 1) {
                            double[] near = side < 0 ? left : right;
                            near[0] += p;
                            near[1]++;
                        }
                    }
                }
            }
            if (m < OUTER) {
                continue;
            }
            if (Double.isNaN(best.score())) {
                best = new Line(0, axis, -1, best.slice());
            }
            double[] near = Arrays.copyOf(beside, m);
            double level = Statistics.median(near);
            // Squares of noise are exponential: their mean over a column spreads by level / sqrt(count), or more with
            // structure.
            double spread = Math.max(Statistics.madn(near), level / Math.sqrt(n));
            double excess = mean(slice, i, 1) - level;
            double z = excess / spread;
            if (z > best.score()
                    && back(left, level, excess)
                    && back(right, level, excess)
                    && steady(slice, i, n, level, excess)) {
                best = new Line(z, axis, i, best.slice());
            }
        }
        return best;
    }

    /** Mean power of each cell; NaN where it has too few voxels. */
    private double[][] power(int slice) {
        double[][] power = new double[width][cells];
        for (int i = 0; i < width; i++) {
            for (int c = 0; c < cells; c++) {
                power[i][c] =
                        count[slice][i][c] < FEWEST_IN_CELL ? Double.NaN : square[slice][i][c] / count[slice][i][c];
            }
        }
        return power;
    }

    private static double median(double[][] power) {
        double[] known = Arrays.stream(power)
                .flatMapToDouble(Arrays::stream)
                .filter(Double::isFinite)
                .toArray();
        return known.length == 0 ? Double.NaN : Statistics.median(known);
    }

    /** Marks the cells of a column half of whose neighbours are quiet, and counts their voxels. */
    private int use(double[][] power, int[][] counts, int i, double loudest) {
        int n = 0;
        for (int c = 0; c < cells; c++) {
            used[c] = false;
            if (Double.isNaN(power[i][c])) {
                continue;
            }
            int beside = 0;
            int quiet = 0;
            for (int d = INNER; d <= OUTER; d++) {
                for (int o = i - d; o <= i + d; o += 2 * d) {
                    if (o >= 0 && o < width && Double.isFinite(power[o][c])) {
                        beside++;
                        quiet += power[o][c] <= loudest ? 1 : 0;
                    }
                }
            }
            if (beside >= FEWEST_BESIDE_CELL && 2 * quiet >= beside) {
                used[c] = true;
                n += counts[i][c];
            }
        }
        return n;
    }

    /** Mean power of a column over the stretch in use; NaN outside the image or with too few voxels. */
    private double mean(int slice, int column, int fewest) {
        if (column < 0 || column >= width) {
            return Double.NaN;
        }
        double sum = 0;
        int n = 0;
        for (int c = 0; c < cells; c++) {
            if (used[c]) {
                sum += square[slice][column][c];
                n += count[slice][column][c];
            }
        }
        return n < fewest ? Double.NaN : sum / n;
    }

    /** Whether one side is back at the level of the noise; a side outside the background does not count. */
    private static boolean back(double[] side, double level, double excess) {
        return side[1] == 0 || side[0] / side[1] - level <= MOST_BESIDE * excess;
    }

    /** Whether the line is there from its beginning to its end, without slow change. */
    private boolean steady(int slice, int column, int n, double level, double excess) {
        int from = slice == slices ? 0 : slice;
        int to = slice == slices ? slices - 1 : slice;
        double[] last = new double[slices];
        int[] lastAt = new int[slices];
        Arrays.fill(lastAt, -2);
        double[] amplitude = new double[SIXTHS];
        int[] voxels = new int[SIXTHS];
        int[] placed = new int[SIXTHS];
        double[] power = new double[THIRDS];
        int[] inThird = new int[THIRDS];
        double total = 0;
        double steps = 0;
        int pairs = 0;
        int seen = 0;
        for (int j = 0; j < span; j++) {
            if (!used[j / cell]) {
                continue;
            }
            for (int s = from; s <= to; s++) {
                int v = column * stride + j * alongStride + s * sliceStride;
                if (!background[v] || !(image[v] > 0)) {
                    continue;
                }
                double a = image[v];
                int sixth = (int) ((long) seen * SIXTHS / n);
                amplitude[sixth] += a;
                voxels[sixth]++;
                placed[j * SIXTHS / span]++;
                power[sixth * THIRDS / SIXTHS] += a * a;
                inThird[sixth * THIRDS / SIXTHS]++;
                total += a;
                if (lastAt[s] == j - 1) {
                    steps += (a - last[s]) * (a - last[s]) / 2;
                    pairs++;
                }
                last[s] = a;
                lastAt[s] = j;
                seen++;
            }
        }
        if (Arrays.stream(placed).filter(p -> p >= FEWEST_IN_SIXTH).count() < 2) {
            return false;
        }
        for (int k = 0; k < THIRDS; k++) {
            if (power[k] / inThird[k] - level < LEAST_SHARE * excess) {
                return false;
            }
        }
        double mean = total / seen;
        double between = 0;
        for (int k = 0; k < SIXTHS; k++) {
            double off = amplitude[k] / voxels[k] - mean;
            between += voxels[k] * off * off;
        }
        boolean slow = between / (SIXTHS - 1) > SLOW_F * steps / Math.max(1, pairs);
        return !slow || Math.sqrt(between / seen) <= SLOW_CV * mean;
    }
}
