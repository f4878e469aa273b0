package org.datman.analysis.noise;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.image.Series;
import org.datman.analysis.stats.Statistics;
import org.hipparchus.distribution.continuous.GammaDistribution;
import org.hipparchus.special.Gamma;

/**
 * Noise of magnitude data from voxels that contain nothing else in any volume (Koay, Özarslan and Pierpaoli 2009, PIESNO). A
 * voxel of pure noise has a sum of squares over volumes that follows a gamma distribution; sigma is the one under which most
 * voxels do, found slice by slice from many starts.
 *
 * @param sigma median over slices, intensity units; NaN when no slice has enough pure noise
 * @param perSlice sigma of each examined slice, NaN where there is too little noise
 * @param slices examined slices
 * @param voxels voxels of pure noise in all examined slices
 */
public record Piesno(double sigma, double[] perSlice, int[] slices, int voxels) {

    private static final double ALPHA = 0.01;
    private static final int STARTS = 25;
    private static final int ITERATIONS = 50;
    private static final int MAX_VOLUMES = 32;
    private static final int MAX_SLICES = 16;
    private static final int MIN_VOXELS = 50;
    /** Fewer of a slice are the rim of a masked background rather than air. */
    private static final double MIN_SHARE = 0.02;

    private static final double VARIATION_TOLERANCE = 0.25;

    /**
     * Estimates sigma from at most 32 volumes and 16 slices, evenly spread: with thousands of noise voxels per slice more
     * would not change the third digit.
     *
     * @param coils receive channels N of a sum of squares; 1 for adaptively combined or SENSE images
     */
    public static Piesno of(Series series, int coils) {
        Grid grid = series.grid();
        int[] volumes = spread(series.volumes(), MAX_VOLUMES);
        int[] slices = spread(grid.nz(), MAX_SLICES);
        Law law = Law.of(coils, volumes.length);
        double[] sigma = new double[slices.length];
        int[] count = new int[slices.length];
        Parallel.forEach(slices.length, s -> {
            int plane = grid.nx() * grid.ny();
            float[][] data = new float[volumes.length][plane];
            for (int v = 0; v < volumes.length; v++) {
                series.read(volumes[v], slices[s] * plane, plane, data[v], 0);
            }
            Best best = slice(data, law);
            sigma[s] = best.voxels >= Math.max(MIN_VOXELS, MIN_SHARE * plane) ? best.sigma : Double.NaN;
            count[s] = best.voxels;
        });
        double[] known = Arrays.stream(sigma).filter(Double::isFinite).toArray();
        int voxels = Arrays.stream(count).sum();
        // When the scanner blanked the background a few stray voxels of a few slices would count as noise.
        boolean enough = known.length >= Math.max(1, slices.length / 4);
        return new Piesno(enough ? Statistics.median(known) : Double.NaN, sigma, slices, voxels);
    }

    private static int[] spread(int n, int most) {
        int count = Math.min(n, most);
        int[] out = new int[count];
        for (int i = 0; i < count; i++) {
            out[i] = (int) ((i + 0.5) * n / count);
        }
        return out;
    }

    /** The distribution of noise: limits of the mean of m²/(2 sigma²) over volumes, and the quantile that estimates sigma best. */
    private record Law(int volumes, double low, double high, double quantile, double root, double variation) {

        static Law of(int coils, int volumes) {
            GammaDistribution sum = new GammaDistribution((double) coils * volumes, 1);
            double low = sum.inverseCumulativeProbability(ALPHA / 2) / volumes;
            double high = sum.inverseCumulativeProbability(1 - ALPHA / 2) / volumes;
            GammaDistribution one = new GammaDistribution(coils, 1);
            double q = bestQuantile(one);
            double mean = Math.sqrt(2) * Math.exp(Gamma.logGamma(coils + 0.5) - Gamma.logGamma(coils));
            double variation = Math.sqrt(2.0 * coils - mean * mean) / mean;
            return new Law(volumes, low, high, q, Math.sqrt(2 * one.inverseCumulativeProbability(q)), variation);
        }

        /** The quantile whose sampling variance relative to its square is least: 0.79681 for one coil. */
        private static double bestQuantile(GammaDistribution u) {
            double low = 0.3;
            double high = 0.95;
            for (int step = 0; step < 60; step++) {
                double a = low + (high - low) / 3;
                double b = high - (high - low) / 3;
                if (variance(u, a) < variance(u, b)) {
                    high = b;
                } else {
                    low = a;
                }
            }
            return (low + high) / 2;
        }

        private static double variance(GammaDistribution u, double q) {
            double x = u.inverseCumulativeProbability(q);
            double density = x * u.density(x);
            return q * (1 - q) / (density * density);
        }
    }

    private static final class Best {
        private double sigma = Double.NaN;
        private int from;
        private int voxels;
    }

    /** {@code data}: [volume][voxel] of one slice. */
    private static Best slice(float[][] data, Law law) {
        int plane = data[0].length;
        long[] keyed = new long[plane];
        int n = 0;
        for (int i = 0; i < plane; i++) {
            double sum = 0;
            boolean positive = true;
            for (float[] volume : data) {
                sum += (double) volume[i] * volume[i];
                positive &= volume[i] > 0;
            }
            // Exact zeros are the scanner's mask, not noise.
            if (positive) {
                keyed[n++] = ((long) Float.floatToIntBits((float) (sum / law.volumes)) << 32) | i;
            }
        }
        Best best = new Best();
        if (n < MIN_VOXELS) {
            return best;
        }
        long[] sorted = Arrays.copyOf(keyed, n);
        Arrays.sort(sorted);
        double[] square = new double[n];
        int[] voxel = new int[n];
        for (int i = 0; i < n; i++) {
            square[i] = Float.intBitsToFloat((int) (sorted[i] >> 32));
            voxel[i] = (int) sorted[i];
        }
        Map<Long, Double> known = new HashMap<>();
        float[] work = new float[n * law.volumes];
        double top = quantile(data, voxel, 0, n, law, work);
        for (int start = 1; start <= STARTS; start++) {
            climb(data, square, voxel, law, top * start / STARTS, known, work, best);
        }
        return varies(data, voxel, best, law) ? best : new Best();
    }

    /** Noise has a known ratio of sd to mean; steady tissue that fills a slice may fit the sum of squares, but not this. */
    private static boolean varies(float[][] data, int[] voxel, Best best, Law law) {
        double sum = 0;
        double square = 0;
        double n = (double) best.voxels * data.length;
        for (float[] volume : data) {
            for (int i = best.from; i < best.from + best.voxels; i++) {
                double x = volume[voxel[i]];
                sum += x;
                square += x * x;
            }
        }
        double mean = sum / n;
        double sd = Math.sqrt(Math.max(0, square / n - mean * mean));
        return Math.abs(sd / mean / law.variation - 1) < VARIATION_TOLERANCE;
    }

    /** Fixed-point iteration from one start. */
    private static void climb(
            float[][] data,
            double[] square,
            int[] voxel,
            Law law,
            double start,
            Map<Long, Double> known,
            float[] work,
            Best best) {
        double sigma = start;
        for (int step = 0; step < ITERATIONS; step++) {
            int from = first(square, law.low * 2 * sigma * sigma);
            int to = first(square, Math.nextUp(law.high * 2 * sigma * sigma));
            if (to <= from) {
                return;
            }
            long key = ((long) from << 32) | to;
            Double before = known.get(key);
            double next = before != null ? before : quantile(data, voxel, from, to, law, work);
            known.put(key, next);
            boolean settled = Math.abs(next - sigma) < 1e-5 * sigma;
            sigma = next;
            if (settled || before != null) {
                // A range that occurred before converges as before; only its size matters here.
                if (to - from > best.voxels) {
                    best.voxels = to - from;
                    best.from = from;
                    best.sigma = sigma;
                }
                if (settled) {
                    return;
                }
            }
        }
    }

    private static double quantile(float[][] data, int[] voxel, int from, int to, Law law, float[] work) {
        int n = 0;
        // More than 30000 values only cost time: the quantile is then known to some thousandths.
        int stride = Math.max(1, (int) ((long) (to - from) * data.length / 30000));
        for (float[] volume : data) {
            for (int i = from; i < to; i += stride) {
                work[n++] = volume[voxel[i]];
            }
        }
        return Statistics.quantileInPlace(work, n, law.quantile) / law.root;
    }

    /** Index of the first element that is not below {@code value}. */
    private static int first(double[] sorted, double value) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int mid = (low + high) >>> 1;
            if (sorted[mid] < value) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        return low;
    }
}
