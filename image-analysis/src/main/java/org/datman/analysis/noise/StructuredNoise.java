package org.datman.analysis.noise;

import java.util.Arrays;
import org.datman.analysis.image.Grid;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.stats.Statistics;
import org.hipparchus.special.Gamma;
import org.jspecify.annotations.Nullable;

/** Scores of noise that has a pattern (specification <a href="{@docRoot}/../docs/qc-specification.md#A.5.4">A.5.4</a> to <a href="{@docRoot}/../docs/qc-specification.md#A.5.7">A.5.7</a>). Pure functions; NaN where a score is not defined. */
public final class StructuredNoise {

    private static final int FEWEST_SLICES = 6;
    private static final double LOW_RADIUS = 0.10;
    private static final int RIM = 2;
    private static final int RUN = 9;
    private static final double STRONG = 0.3;
    private static final int FEWEST_RUNS = 50;

    private StructuredNoise() {}

    /**
     * Noise power of odd slices over that of even slices, without slow changes from slice to slice (<a href="{@docRoot}/../docs/qc-specification.md#A.5.4">A.5.4</a>): each slice
     * against the mean of its neighbours.
     *
     * @param sd noise per slice, NaN where unknown
     */
    public static double oddOverEven(double[] sd) {
        double[] change = againstNeighbours(sd);
        double[] sum = new double[2];
        int[] n = new int[2];
        for (int z = 0; z < change.length; z++) {
            if (Double.isFinite(change[z])) {
                sum[z % 2] += change[z];
                n[z % 2]++;
            }
        }
        return n[0] < FEWEST_SLICES / 2 || n[1] < FEWEST_SLICES / 2
                ? Double.NaN
                : Math.exp(sum[1] / n[1] - sum[0] / n[0]);
    }

    /**
     * Whether slices that are excited together share their noise (<a href="{@docRoot}/../docs/qc-specification.md#A.5.4">A.5.4</a>): F of a one-way analysis of variance over z modulo the
     * number of excitations; about 1 without a pattern.
     *
     * @param sd noise per slice, NaN where unknown
     * @param multiband slices per excitation
     */
    public static double groupF(double[] sd, int multiband) {
        int period = multiband < 2 ? 0 : sd.length / multiband;
        if (period < 2) {
            return Double.NaN;
        }
        double[] change = againstNeighbours(sd);
        double[] sum = new double[period];
        int[] n = new int[period];
        double all = 0;
        int count = 0;
        for (int z = 0; z < change.length; z++) {
            if (Double.isFinite(change[z])) {
                sum[z % period] += change[z];
                n[z % period]++;
                all += change[z];
                count++;
            }
        }
        int groups = (int) Arrays.stream(n).filter(c -> c > 0).count();
        if (groups < 2 || count - groups < 2) {
            return Double.NaN;
        }
        double between = 0;
        double within = 0;
        for (int g = 0; g < period; g++) {
            if (n[g] > 0) {
                double d = sum[g] / n[g] - all / count;
                between += n[g] * d * d;
            }
        }
        for (int z = 0; z < change.length; z++) {
            if (Double.isFinite(change[z])) {
                double d = change[z] - sum[z % period] / n[z % period];
                within += d * d;
            }
        }
        return within > 0 ? between / (groups - 1) / (within / (count - groups)) : Double.NaN;
    }

    private static double[] againstNeighbours(double[] sd) {
        double[] out = new double[sd.length];
        Arrays.fill(out, Double.NaN);
        for (int z = 1; z < sd.length - 1; z++) {
            if (sd[z] > 0 && sd[z - 1] > 0 && sd[z + 1] > 0) {
                out[z] = Math.log(sd[z]) - (Math.log(sd[z - 1]) + Math.log(sd[z + 1])) / 2;
            }
        }
        return out;
    }

    /**
     * Ringing beside the edge of the head along one axis (<a href="{@docRoot}/../docs/qc-specification.md#A.5.5">A.5.5</a>): autocorrelation at lag 2 of what each voxel of the air beside a
     * strong edge differs from its two neighbours; 0 for noise, 1 when every second voxel is brighter.
     */
    public static double ringing(Grid grid, float[] image, Mask head, int axis) {
        int u = axis == 0 ? 1 : 0;
        int w = axis == 2 ? 1 : 2;
        int n = grid.dim(axis);
        int stride = grid.stride(axis);
        float[] inside = head.values(image);
        if (inside.length == 0) {
            return Double.NaN;
        }
        double strong = STRONG * Statistics.median(inside);
        double product = 0;
        double square = 0;
        int runs = 0;
        double[] r = new double[RUN];
        for (int b = 0; b < grid.dim(w); b++) {
            for (int a = 0; a < grid.dim(u); a++) {
                int line = a * grid.stride(u) + b * grid.stride(w);
                for (int side = -1; side <= 1; side += 2) {
                    int edge = edge(head, line, stride, n, side);
                    int from = edge + side * RIM;
                    int last = from + side * RUN;
                    if (edge < 0 || last < 0 || last >= n || !bright(image, line, stride, edge, side, n, strong)) {
                        continue;
                    }
                    for (int i = 0; i < RUN; i++) {
                        int at = line + (from + side * i) * stride;
                        r[i] = image[at] - (image[at - stride] + (double) image[at + stride]) / 2;
                    }
                    for (int i = 0; i + 2 < RUN; i++) {
                        product += r[i] * r[i + 2];
                        square += (r[i] * r[i] + r[i + 2] * r[i + 2]) / 2;
                    }
                    runs++;
                }
            }
        }
        // White noise after this filter has 1/6 at lag 2.
        return runs < FEWEST_RUNS || square == 0 ? Double.NaN : (product / square - 1.0 / 6) / (5.0 / 6);
    }

    /** Last position of the head on a line seen from one side; -1 for none. */
    private static int edge(Mask head, int line, int stride, int n, int side) {
        for (int i = 0; i < n; i++) {
            int at = side > 0 ? n - 1 - i : i;
            if (head.in()[line + at * stride]) {
                return at;
            }
        }
        return -1;
    }

    private static boolean bright(float[] image, int line, int stride, int edge, int side, int n, double strong) {
        for (int d = 0; d < 4; d++) {
            int at = edge - side * d;
            if (at >= 0 && at < n && image[line + at * stride] > strong) {
                return true;
            }
        }
        return false;
    }

    /**
     * Spectral flatness of the air above the lowest frequencies (<a href="{@docRoot}/../docs/qc-specification.md#A.5.6">A.5.6</a>): geometric over arithmetic mean of the power, 1 for white
     * noise whatever the number of spectra that were averaged.
     *
     * @param power [ky * nx + kx], zero frequency first, mean over {@code averaged} spectra
     */
    public static double flatness(float[] power, int nx, int ny, int averaged) {
        double sum = 0;
        double logs = 0;
        int n = 0;
        for (int y = 0; y < ny; y++) {
            double ky = (y <= ny / 2 ? y : y - ny) / (double) ny;
            for (int x = 0; x <= nx / 2; x++) {
                float p = power[y * nx + x];
                if (Math.hypot((double) x / nx, ky) > LOW_RADIUS && p > 0) {
                    sum += p;
                    logs += Math.log(p);
                    n++;
                }
            }
        }
        if (n < 100 || averaged < 1) {
            return Double.NaN;
        }
        double expected = Math.exp(Gamma.digamma(averaged) - Math.log(averaged));
        return Math.exp(logs / n) / (sum / n) / expected;
    }

    /**
     * How finely the air is stored (<a href="{@docRoot}/../docs/qc-specification.md#A.5.7">A.5.7</a>).
     *
     * @param distinct different stored numbers
     * @param comb share of the whole numbers between the smallest and P99 that never occur: 0 for an unbroken histogram
     */
    public record Levels(int distinct, double comb) {}

    /** Of values that are stored as whole numbers; null when there are no values. */
    public static @Nullable Levels levels(float[] air, double slope, double intercept) {
        if (air.length == 0 || slope == 0) {
            return null;
        }
        long[] raw = new long[air.length];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = Math.round((air[i] - intercept) / slope);
        }
        Arrays.sort(raw);
        int distinct = 1;
        long p99 = raw[(int) (0.99 * (raw.length - 1))];
        int below = 1;
        for (int i = 1; i < raw.length; i++) {
            if (raw[i] != raw[i - 1]) {
                distinct++;
                below += raw[i] <= p99 ? 1 : 0;
            }
        }
        return new Levels(distinct, 1 - (double) below / (p99 - raw[0] + 1));
    }
}
