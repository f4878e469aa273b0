package org.datman.analysis.noise;

import java.util.Arrays;
import org.datman.analysis.image.BlockGrid;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.image.Series;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.timeseries.Polynomials;
import org.jspecify.annotations.Nullable;

/**
 * Correlation of each voxel of a run with its wide surroundings (AFNI's {@code @radial_correlate}): the first three volumes dropped, a
 * quadratic removed, correlated with the data blurred by a Gaussian of 40 mm FWHM inside the mask. Where the signal of a coil element
 * is intermittent, a whole region correlates above 0.9. The blurred data are kept on blocks of 12 mm, fine enough for a blur of 40 mm.
 *
 * @param r correlation per voxel; NaN outside the mask and where nothing varies
 * @param percent share of the mask's voxels with an absolute correlation of 0.9 or more
 */
public record RadialCorrelation(float[] r, double percent) {

    /** Absolute correlation that counts. */
    public static final double STRONG = 0.9;

    /** Volumes after the start without which a quadratic and a correlation mean little. */
    public static final int FEWEST_VOLUMES = 12;

    private static final int DROPPED = 3;
    private static final double FWHM_MM = 40;
    private static final double BLOCK_MM = 12;

    /** Correlates; null with too few volumes. */
    public static @Nullable RadialCorrelation of(Series series, Mask mask, int start) {
        int from = Math.max(start, DROPPED);
        int n = series.volumes() - from;
        if (n < FEWEST_VOLUMES || mask.count() == 0) {
            return null;
        }
        Grid grid = series.grid();
        BlockGrid coarse = BlockGrid.of(grid, BLOCK_MM);
        double[][] basis = Polynomials.orthonormal(n, 2);
        float[][] around = surroundings(series, mask, from, coarse, basis);
        int[] block = coarse.blocks();
        int plane = grid.nx() * grid.ny();
        float[] r = new float[grid.size()];
        Arrays.fill(r, Float.NaN);
        Parallel.forEach(grid.nz(), k -> {
            int[] inside = java.util.stream.IntStream.range(k * plane, (k + 1) * plane)
                    .filter(v -> mask.in()[v])
                    .toArray();
            double[] square = new double[inside.length];
            double[] with = new double[inside.length];
            double[][] trend = new double[basis.length][inside.length];
            float[] x = new float[plane];
            float[] base = new float[plane];
            series.read(from, k * plane, plane, base, 0);
            for (int t = 0; t < n; t++) {
                series.read(from + t, k * plane, plane, x, 0);
                for (int i = 0; i < inside.length; i++) {
                    int v = inside[i];
                    double d = x[v - k * plane] - base[v - k * plane];
                    square[i] += d * d;
                    with[i] += d * around[t][block[v]];
                    for (int b = 0; b < basis.length; b++) {
                        trend[b][i] += d * basis[b][t];
                    }
                }
            }
            for (int i = 0; i < inside.length; i++) {
                double rest = square[i];
                for (double[] b : trend) {
                    rest -= b[i] * b[i];
                }
                // The residual of a constant or a quadratic time series is rounding, not noise.
                r[inside[i]] = rest > 1e-9 * square[i] && rest > 0 ? (float) (with[i] / Math.sqrt(rest)) : Float.NaN;
            }
        });
        int strong = 0;
        for (float value : r) {
            strong += Math.abs(value) >= STRONG ? 1 : 0;
        }
        return new RadialCorrelation(r, 100.0 * strong / mask.count());
    }

    /** [volume][block] blurred time series without their quadratic, of unit length. */
    private static float[][] surroundings(Series series, Mask mask, int from, BlockGrid coarse, double[][] basis) {
        int n = basis[0].length;
        Grid g = coarse.grid();
        int[] block = coarse.blocks();
        int[] inside = mask.indices();
        float[] count = new float[g.size()];
        for (int v : inside) {
            count[block[v]]++;
        }
        float[] weight = blur(g, count);
        float[][] out = new float[n][];
        Parallel.forEach(n, t -> {
            float[] x = series.volume(from + t).data();
            float[] sum = new float[g.size()];
            for (int v : inside) {
                sum[block[v]] += x[v];
            }
            out[t] = blur(g, sum);
            for (int b = 0; b < sum.length; b++) {
                out[t][b] = weight[b] > 0 ? out[t][b] / weight[b] : 0;
            }
        });
        Parallel.forEach(g.size(), b -> {
            if (count[b] == 0) {
                return;
            }
            float[] course = new float[n];
            for (int t = 0; t < n; t++) {
                course[t] = out[t][b] - out[0][b];
            }
            double[] rest = new double[n];
            Polynomials.residual(course, basis, rest);
            double norm = 0;
            for (double v : rest) {
                norm += v * v;
            }
            for (int t = 0; t < n; t++) {
                out[t][b] = norm > 0 ? (float) (rest[t] / Math.sqrt(norm)) : 0;
            }
        });
        return out;
    }

    /** Gaussian with zeros outside the grid: repeated edges would weigh a voxel there against itself. */
    private static float[] blur(Grid g, float[] image) {
        float[] in = image;
        for (int axis = 0; axis < 3; axis++) {
            int n = g.dim(axis);
            int stride = g.stride(axis);
            double sigma = FWHM_MM / 2.3548200450309493 / g.spacing(axis);
            float[] kernel = new float[n];
            for (int d = 0; d < n; d++) {
                kernel[d] = (float) Math.exp(-0.5 * d * d / (sigma * sigma));
            }
            float[] out = new float[in.length];
            for (int v = 0; v < in.length; v++) {
                int at = v / stride % n;
                if (in[v] != 0) {
                    for (int other = 0; other < n; other++) {
                        out[v + (other - at) * stride] += kernel[Math.abs(other - at)] * in[v];
                    }
                }
            }
            in = out;
        }
        return in;
    }
}
