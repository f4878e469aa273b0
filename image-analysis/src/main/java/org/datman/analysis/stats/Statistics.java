package org.datman.analysis.stats;

import java.util.Arrays;

/**
 * Median, quantiles, spread, ranks. Methods never change their arguments unless the name contains {@code InPlace}. For an empty input
 * the result is NaN.
 */
public final class Statistics {

    /** Makes a median absolute deviation comparable to a Gaussian standard deviation. */
    public static final double MAD_TO_SD = 1.4826;

    private static final int DIGIT_BITS = 11;
    private static final int DIGIT = 1 << DIGIT_BITS;

    private Statistics() {}

    public static double mean(double[] x) {
        double sum = 0;
        for (double v : x) {
            sum += v;
        }
        return x.length == 0 ? Double.NaN : sum / x.length;
    }

    public static double mean(float[] x) {
        double sum = 0;
        for (float v : x) {
            sum += v;
        }
        return x.length == 0 ? Double.NaN : sum / x.length;
    }

    /** Standard deviation with {@code ddof} degrees of freedom taken off. */
    public static double sd(double[] x, int ddof) {
        double mean = mean(x);
        double sum = 0;
        for (double v : x) {
            sum += (v - mean) * (v - mean);
        }
        return x.length <= ddof ? Double.NaN : Math.sqrt(sum / (x.length - ddof));
    }

    /** Standard deviation with {@code ddof} degrees of freedom taken off. */
    public static double sd(float[] x, int ddof) {
        double mean = mean(x);
        double sum = 0;
        for (float v : x) {
            sum += (v - mean) * (v - mean);
        }
        return x.length <= ddof ? Double.NaN : Math.sqrt(sum / (x.length - ddof));
    }

    public static double median(double[] x) {
        return medianInPlace(x.clone(), x.length);
    }

    public static double median(float[] x) {
        return medianInPlace(x.clone(), x.length);
    }

    /** Median of the first n values, which are reordered. */
    public static double medianInPlace(double[] x, int n) {
        if (n == 0) {
            return Double.NaN;
        }
        int half = n / 2;
        double upper = Select.nth(x, n, half);
        if (n % 2 == 1) {
            return upper;
        }
        double lower = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < half; i++) {
            lower = Math.max(lower, x[i]);
        }
        return (lower + upper) / 2;
    }

    /** Median of the first n values, which are reordered. */
    public static double medianInPlace(float[] x, int n) {
        if (n == 0) {
            return Double.NaN;
        }
        int half = n / 2;
        double upper = Select.nth(x, n, half);
        if (n % 2 == 1) {
            return upper;
        }
        double lower = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < half; i++) {
            lower = Math.max(lower, x[i]);
        }
        return (lower + upper) / 2;
    }

    /** Median absolute deviation from the median, times 1.4826. */
    public static double madn(double[] x) {
        double[] work = x.clone();
        double centre = medianInPlace(work, work.length);
        for (int i = 0; i < work.length; i++) {
            work[i] = Math.abs(work[i] - centre);
        }
        return MAD_TO_SD * medianInPlace(work, work.length);
    }

    /** Median absolute deviation from the median, times 1.4826. */
    public static double madn(float[] x) {
        float[] work = x.clone();
        float centre = (float) medianInPlace(work, work.length);
        for (int i = 0; i < work.length; i++) {
            work[i] = Math.abs(work[i] - centre);
        }
        return MAD_TO_SD * medianInPlace(work, work.length);
    }

    /** Quantile with linear interpolation between order statistics (type 7, numpy's default). */
    public static double quantile(double[] x, double q) {
        return quantileInPlace(x.clone(), x.length, q);
    }

    /** Quantile with linear interpolation between order statistics (type 7, numpy's default). */
    public static double quantile(float[] x, double q) {
        return quantileInPlace(x.clone(), x.length, q);
    }

    /** Type 7 quantile of the first n values, which are reordered. */
    public static double quantileInPlace(double[] x, int n, double q) {
        if (n == 0) {
            return Double.NaN;
        }
        double at = (n - 1) * q;
        int low = (int) Math.floor(at);
        double a = Select.nth(x, n, low);
        if (low + 1 >= n || at == low) {
            return a;
        }
        double b = Double.POSITIVE_INFINITY;
        for (int i = low + 1; i < n; i++) {
            b = Math.min(b, x[i]);
        }
        return a + (at - low) * (b - a);
    }

    /** Type 7 quantile of the first n values, which are reordered. */
    public static double quantileInPlace(float[] x, int n, double q) {
        if (n == 0) {
            return Double.NaN;
        }
        double at = (n - 1) * q;
        int low = (int) Math.floor(at);
        double a = Select.nth(x, n, low);
        if (low + 1 >= n || at == low) {
            return a;
        }
        double b = Double.POSITIVE_INFINITY;
        for (int i = low + 1; i < n; i++) {
            b = Math.min(b, x[i]);
        }
        return a + (at - low) * (b - a);
    }

    /** The order statistic floor((n - 1) q) of the first n values, which are reordered: numpy's "lower" interpolation. */
    public static double lowerQuantileInPlace(float[] x, int n, double q) {
        return n == 0 ? Double.NaN : Select.nth(x, n, (int) Math.floor((n - 1) * q));
    }

    /** Population mean and standard deviation under weights: {mean, sd}. */
    public static double[] weightedMeanSd(double[] x, double[] w) {
        double sum = 0;
        double total = 0;
        for (int i = 0; i < x.length; i++) {
            sum += w[i] * x[i];
            total += w[i];
        }
        double mean = sum / total;
        double square = 0;
        for (int i = 0; i < x.length; i++) {
            square += w[i] * (x[i] - mean) * (x[i] - mean);
        }
        return new double[] {mean, Math.sqrt(square / total)};
    }

    /** The smallest value whose cumulative weight reaches q of the total; on an exact hit the mean with the next value. */
    public static double weightedQuantile(double[] x, double[] w, double q) {
        Integer[] order = new Integer[x.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(x[a], x[b]));
        double total = 0;
        for (double v : w) {
            total += v;
        }
        double reach = q * total;
        double cumulative = 0;
        for (int r = 0; r < order.length; r++) {
            cumulative += w[order[r]];
            if (Math.abs(cumulative - reach) <= 1e-12 * total && r + 1 < order.length) {
                return (x[order[r]] + x[order[r + 1]]) / 2;
            }
            if (cumulative > reach) {
                return x[order[r]];
            }
        }
        return order.length == 0 ? Double.NaN : x[order[order.length - 1]];
    }

    /** Modified z: 0.6745 (x - median) / MAD; all zero when the values do not spread. */
    public static double[] modifiedZ(double[] x) {
        double centre = median(x);
        double spread = madn(x) / MAD_TO_SD;
        double[] z = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            z[i] = spread > 0 ? 0.6745 * (x[i] - centre) / spread : 0;
        }
        return z;
    }

    /** Median of the slopes of all pairs (Theil-Sen), per step. */
    public static double slope(double[] y) {
        int n = y.length;
        if (n < 2) {
            return Double.NaN;
        }
        double[] slopes = new double[n * (n - 1) / 2];
        int at = 0;
        for (int a = 0; a < n; a++) {
            for (int b = a + 1; b < n; b++) {
                slopes[at++] = (y[b] - y[a]) / (b - a);
            }
        }
        return medianInPlace(slopes, at);
    }

    /** Pearson correlation; NaN when one side does not vary. */
    public static double pearson(float[] a, float[] b) {
        double ma = mean(a);
        double mb = mean(b);
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            double x = a[i] - ma;
            double y = b[i] - mb;
            ab += x * y;
            aa += x * x;
            bb += y * y;
        }
        return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : Double.NaN;
    }

    /** Sorted by the upper half; equal ones stay in their order. By digits of eleven bits where that pays. */
    private static long[] sortedByValue(long[] keys) {
        int n = keys.length;
        if (n < 2000) {
            Arrays.sort(keys);
            return keys;
        }
        long[] from = keys;
        long[] to = new long[n];
        int[] start = new int[DIGIT + 1];
        for (int shift = 32; shift < 64; shift += DIGIT_BITS) {
            Arrays.fill(start, 0);
            for (long key : from) {
                start[digit(key, shift) + 1]++;
            }
            for (int d = 0; d < DIGIT; d++) {
                start[d + 1] += start[d];
            }
            for (long key : from) {
                to[start[digit(key, shift)]++] = key;
            }
            long[] swap = from;
            from = to;
            to = swap;
        }
        return from;
    }

    /** Eleven bits of a key; the sign becomes the largest of the last digit, so that negative values come first. */
    private static int digit(long key, int shift) {
        return (int) ((key ^ Long.MIN_VALUE) >>> shift) & (DIGIT - 1);
    }

    /** Ranks from 1, ties sharing their mean rank. */
    public static float[] ranks(float[] x) {
        int n = x.length;
        // Value and index packed in one long: sorting primitives is several times faster than sorting boxed indices.
        long[] keys = new long[n];
        for (int i = 0; i < n; i++) {
            int bits = Float.floatToIntBits(x[i] == 0 ? 0f : x[i]);
            int sortable = bits ^ ((bits >> 31) & 0x7fffffff);
            keys[i] = ((long) sortable << 32) | i;
        }
        keys = sortedByValue(keys);
        float[] ranks = new float[n];
        int from = 0;
        while (from < n) {
            int to = from + 1;
            while (to < n && (keys[to] >> 32) == (keys[from] >> 32)) {
                to++;
            }
            float rank = (from + to + 1) / 2f;
            for (int i = from; i < to; i++) {
                ranks[(int) keys[i]] = rank;
            }
            from = to;
        }
        return ranks;
    }
}
