package org.datman.metrics.trend;

import java.time.LocalDate;
import java.util.List;
import org.datman.analysis.stats.Statistics;

/**
 * The usual range of a metric: the first {@value #MOST} good readings of its stratum, from the {@value #FEWEST}th on.
 *
 * @param median of the readings
 * @param spread normalised median absolute deviation, or the standard deviation of the readings within {@value #WIDTH} of those if that
 *     is larger; the standard deviation of all where more than half are equal, as of a ghost that is often zero
 * @param readings how many there are
 * @param from day of the first
 * @param to day of the last
 */
public record Baseline(double median, double spread, int readings, LocalDate from, LocalDate to) {

    /** Fewer good readings are no baseline. */
    public static final int FEWEST = 20;
    /** Later readings change the limits no more. */
    public static final int MOST = 30;
    /** Half width of the limits in spreads; 1 in 2000 normal readings is outside. */
    public static final double WIDTH = 3.5;

    static Baseline of(List<Reading> first) {
        double[] values = first.stream().mapToDouble(Reading::value).toArray();
        double median = Statistics.median(values);
        double madn = Statistics.madn(values);
        double[] within = java.util.Arrays.stream(values)
                // Where more than half are equal their deviation is zero: then all values count, as there would be no
                // limits otherwise.
                .filter(value -> madn == 0 || Math.abs(value - median) <= WIDTH * madn)
                .toArray();
        return new Baseline(
                median,
                // Of 30 normal readings the absolute deviation alone may be a third too small, and its limits would
                // cause permanent false alarms.
                Math.max(madn, Statistics.sd(within, 1)),
                values.length,
                first.get(0).day(),
                first.get(first.size() - 1).day());
    }

    public double low() {
        return median - WIDTH * spread;
    }

    public double high() {
        return median + WIDTH * spread;
    }
}
