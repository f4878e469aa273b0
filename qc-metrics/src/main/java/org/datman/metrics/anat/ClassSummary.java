package org.datman.metrics.anat;

import java.util.Arrays;
import java.util.List;
import org.datman.metrics.model.Findings;

/**
 * Summary of a histogram of weighted values (MRIQC's summary statistics, never rounded).
 *
 * @param mean weighted mean
 * @param median weighted median
 * @param mad 1.4826 times the weighted median of absolute deviations from the median
 * @param sd population standard deviation
 * @param kurtosis excess kurtosis: 0 for a Gaussian
 * @param p05 weighted 5th percentile
 * @param p95 weighted 95th percentile
 * @param n sum of weights
 */
record ClassSummary(
        double mean, double median, double mad, double sd, double kurtosis, double p05, double p95, double n) {

    private static final List<String> STATISTICS = List.of("mean", "median", "mad", "stdv", "k", "p05", "p95", "n");

    /** Of rising values; NaN when all weights are zero. */
    static ClassSummary of(double[] rising, double[] weight) {
        double[] below = new double[rising.length + 1];
        double sum = 0;
        for (int i = 0; i < rising.length; i++) {
            below[i + 1] = below[i] + weight[i];
            sum += weight[i] * rising[i];
        }
        double total = below[rising.length];
        if (!(total > 0)) {
            double none = Double.NaN;
            return new ClassSummary(none, none, none, none, none, none, none, 0);
        }
        double mean = sum / total;
        double second = 0;
        double fourth = 0;
        for (int i = 0; i < rising.length; i++) {
            double square = (rising[i] - mean) * (rising[i] - mean);
            second += weight[i] * square / total;
            fourth += weight[i] * square * square / total;
        }
        double median = quantile(rising, below, 0.5);
        return new ClassSummary(
                mean,
                median,
                1.4826 * deviation(rising, below, median),
                Math.sqrt(second),
                fourth / (second * second) - 3,
                quantile(rising, below, 0.05),
                quantile(rising, below, 0.95),
                total);
    }

    /** The smallest value at which the weight so far reaches q of all. */
    private static double quantile(double[] rising, double[] below, double q) {
        double reach = q * below[rising.length];
        int at = Arrays.binarySearch(below, reach);
        int i = at >= 0 ? at - 1 : -at - 2;
        return rising[Math.max(0, Math.min(rising.length - 1, i))];
    }

    /** Half of the weight is closer to the centre than this. */
    private static double deviation(double[] rising, double[] below, double centre) {
        int n = rising.length;
        double low = 0;
        double high = Math.max(centre - rising[0], rising[n - 1] - centre);
        for (int step = 0; step < 60 && high > low; step++) {
            double reach = (low + high) / 2;
            double within = below[first(rising, Math.nextUp(centre + reach))] - below[first(rising, centre - reach)];
            if (within >= below[n] / 2) {
                high = reach;
            } else {
                low = reach;
            }
        }
        return high;
    }

    /** Index of the first element that is not below a value. */
    private static int first(double[] rising, double value) {
        int low = 0;
        int high = rising.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (rising[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Metric keys of a class, e.g. {@code summary_gm_p05}. */
    static List<String> keys(String name) {
        return STATISTICS.stream()
                .map(statistic -> "summary_" + name + "_" + statistic)
                .toList();
    }

    /** Adds all, intensities times {@code unit}. */
    void put(String name, double unit, String mask, int voxels, Findings findings) {
        double[] values = {unit * mean, unit * median, unit * mad, unit * sd, kurtosis, unit * p05, unit * p95, n};
        List<String> keys = keys(name);
        for (int s = 0; s < values.length; s++) {
            findings.put(keys.get(s), values[s], mask, voxels);
        }
    }
}
