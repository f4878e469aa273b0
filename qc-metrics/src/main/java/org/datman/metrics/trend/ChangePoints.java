package org.datman.metrics.trend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.datman.analysis.stats.Statistics;

/** Finds past level changes in a series of readings: binary segmentation by the difference of two means. */
public final class ChangePoints {

    /** Fewer readings are no level. */
    static final int SHORTEST = 8;
    /** Of 1000 series of 200 normal readings fewer than one in fifty has a change by chance. */
    static final double THRESHOLD = 4.6;

    private ChangePoints() {}

    /** Indices of the first readings of new levels, ascending. */
    public static List<Integer> of(double[] values) {
        double sigma = noise(values);
        List<Integer> found = new ArrayList<>();
        if (sigma > 0) {
            double[] sums = new double[values.length + 1];
            double median = Statistics.median(values);
            for (int i = 0; i < values.length; i++) {
                // Outliers are no level: values far from their neighbours count as their median.
                sums[i + 1] = sums[i] + (calm(values, i, sigma) - median);
            }
            split(sums, 0, values.length, sigma, found);
            found.sort(null);
        }
        return found;
    }

    /** Of the differences of neighbours, which a change of level does not touch but once. */
    private static double noise(double[] values) {
        double[] steps = new double[Math.max(0, values.length - 1)];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = values[i + 1] - values[i];
        }
        return steps.length < SHORTEST ? 0 : Statistics.madn(steps) / Math.sqrt(2);
    }

    private static double calm(double[] values, int i, double sigma) {
        double around =
                Statistics.median(Arrays.copyOfRange(values, Math.max(0, i - 3), Math.min(values.length, i + 4)));
        return Math.abs(values[i] - around) > Baseline.WIDTH * sigma ? around : values[i];
    }

    private static void split(double[] sums, int from, int to, double sigma, List<Integer> found) {
        int best = -1;
        double most = THRESHOLD;
        for (int k = from + SHORTEST; k <= to - SHORTEST; k++) {
            double before = (sums[k] - sums[from]) / (k - from);
            double after = (sums[to] - sums[k]) / (to - k);
            double score = Math.abs(after - before) / (sigma * Math.sqrt(1.0 / (k - from) + 1.0 / (to - k)));
            if (score > most) {
                most = score;
                best = k;
            }
        }
        if (best >= 0) {
            found.add(best);
            split(sums, from, best, sigma, found);
            split(sums, best, to, sigma, found);
        }
    }
}
