package org.datman.dashboard.metric;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.datman.dashboard.web.Links;

/**
 * A metric over time as an SVG in a box of 1000 by 400, with the median and the band of three robust standard deviations
 * around it.
 *
 * @param band top and height of the band, in the box; height 0 when there are too few points
 * @param middle where the median lies, in the box
 */
public record Chart(
        List<Dot> dots,
        List<Line> ticks,
        double bandTop,
        double bandHeight,
        double middle,
        double median,
        double sigma) {

    private static final double LEFT = 70;
    private static final double RIGHT = 985;
    private static final double TOP = 15;
    private static final double BOTTOM = 365;
    private static final int ENOUGH = 5;
    /** Turns the median absolute deviation into the standard deviation of a normal distribution. */
    private static final double MAD_TO_SIGMA = 1.4826;

    /** A point that leads to its session. */
    public record Dot(double x, double y, boolean outside, String href, String title) {}

    /** A tick with its words; {@code vertical} marks a day, else a value. */
    public record Line(double at, String words, boolean vertical) {}

    /** The chart of points in order of time. */
    public static Chart of(List<MetricSeries.Point> points) {
        double[] values =
                points.stream().mapToDouble(MetricSeries.Point::value).sorted().toArray();
        double median = median(values);
        double sigma = MAD_TO_SIGMA
                * median(Arrays.stream(values)
                        .map(v -> Math.abs(v - median))
                        .sorted()
                        .toArray());
        double low = values.length == 0 ? 0 : values[0];
        double high = values.length == 0 ? 1 : values[values.length - 1];
        double margin = high > low ? (high - low) * 0.08 : Math.max(Math.abs(high) * 0.1, 0.5);
        double bottom = low - margin;
        double top = high + margin;
        LocalDate first = points.isEmpty() ? LocalDate.EPOCH : points.get(0).day();
        LocalDate last = points.isEmpty()
                ? LocalDate.EPOCH
                : points.get(points.size() - 1).day();
        long days = Math.max(1, ChronoUnit.DAYS.between(first, last));
        boolean banded = values.length >= ENOUGH && sigma > 0;
        List<Dot> dots = new ArrayList<>();
        for (MetricSeries.Point point : points) {
            double x = first.equals(last)
                    ? (LEFT + RIGHT) / 2
                    : LEFT + (RIGHT - LEFT) * ChronoUnit.DAYS.between(first, point.day()) / days;
            dots.add(new Dot(
                    round(x),
                    round(y(point.value(), bottom, top)),
                    banded && Math.abs(point.value() - median) > 3 * sigma,
                    Links.session(point.session()),
                    point.stem() + ", " + point.day() + ": " + number(point.value()) + " " + point.unit()));
        }
        List<Line> ticks = new ArrayList<>();
        for (int i = 0; i <= 4; i++) {
            double value = bottom + (top - bottom) * i / 4;
            ticks.add(new Line(round(y(value, bottom, top)), number(value), false));
            ticks.add(new Line(
                    round(LEFT + (RIGHT - LEFT) * i / 4),
                    first.equals(last)
                            ? (i == 2 ? first.toString() : "")
                            : first.plusDays(days * i / 4).toString(),
                    true));
        }
        double bandTop = y(Math.min(top, median + 3 * sigma), bottom, top);
        double bandBottom = y(Math.max(bottom, median - 3 * sigma), bottom, top);
        return new Chart(
                dots,
                ticks,
                round(bandTop),
                banded ? round(bandBottom - bandTop) : 0,
                round(y(median, bottom, top)),
                median,
                sigma);
    }

    private static double y(double value, double bottom, double top) {
        return BOTTOM - (BOTTOM - TOP) * (value - bottom) / (top - bottom);
    }

    /** Of sorted values; 0 of none. */
    private static double median(double[] sorted) {
        int n = sorted.length;
        if (n == 0) {
            return 0;
        }
        return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    }

    private static double round(double value) {
        return Math.round(value * 10) / 10.0;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
