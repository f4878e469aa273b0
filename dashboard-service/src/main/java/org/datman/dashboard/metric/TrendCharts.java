package org.datman.dashboard.metric;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.metric.MetricDefinition.Good;
import org.datman.dashboard.metric.MetricSeries.GoldChange;
import org.datman.dashboard.metric.MetricSeries.Point;
import org.datman.dashboard.web.Links;
import org.datman.metrics.model.MetricText;
import org.datman.metrics.trend.AlarmText;
import org.datman.metrics.trend.Baseline;
import org.datman.metrics.trend.ChangePoints;
import org.datman.metrics.trend.ControlChart;
import org.datman.metrics.trend.Reading;

/** Draws readings: one {@link Trend} per site and scanner, judged by the same charts that raise the alarms. Pure. */
final class TrendCharts {

    private static final double LEFT = 62;
    private static final double RIGHT = 988;
    private static final double TOP = 54;
    private static final double BOTTOM = 306;
    private static final int TICKS = 5;
    /** Position of the labels above the chart, and their minimum distance. */
    private static final List<Double> LINES = List.of(12.0, 25.0, 38.0);

    private static final double GAP = 6;

    private final String key;
    private final LocalDate from;
    private final LocalDate to;
    private final List<GoldChange> standards;

    private TrendCharts(String key, LocalDate from, LocalDate to, List<GoldChange> standards) {
        this.key = key;
        this.from = from;
        this.to = to;
        this.standards = standards;
    }

    /**
     * The charts of all scanners that have readings in the window.
     *
     * @param points of one metric, including those before the window, which make the baseline
     * @param from first day shown
     */
    static List<Trend> of(String key, List<Point> points, LocalDate from, LocalDate to, List<GoldChange> standards) {
        Map<String, List<Point>> byScanner = new TreeMap<>();
        points.forEach(point -> byScanner
                .computeIfAbsent(point.site() + "\t" + point.scanner(), name -> new ArrayList<>())
                .add(point));
        TrendCharts charts = new TrendCharts(key, from, to, standards);
        return byScanner.values().stream()
                .filter(own -> own.stream().anyMatch(point -> !point.day().isBefore(from)))
                .map(charts::trend)
                .toList();
    }

    /** A stratum with its chart. */
    private record Judged(String software, String coil, String version, ControlChart chart) {

        int definition() {
            return Integer.parseInt(version);
        }

        boolean replacedBy(Judged latest) {
            boolean otherSoftware =
                    !latest.software().isEmpty() && !latest.software().equals(software);
            return otherSoftware || latest.definition() > definition();
        }

        LocalDate first() {
            return chart.points().get(0).reading().day();
        }

        LocalDate last() {
            return chart.points().get(chart.points().size() - 1).reading().day();
        }
    }

    private Trend trend(List<Point> points) {
        Map<String, Point> byImage = new TreeMap<>();
        points.forEach(point -> byImage.put(image(point), point));
        List<Judged> judged = judged(points);
        double[] scale = scale(points, judged);
        List<Trend.Dot> dots = new ArrayList<>();
        List<Trend.Piece> pieces = new ArrayList<>();
        List<Trend.Mark> marks = new ArrayList<>();
        List<Trend.Note> notes = new ArrayList<>();
        List<Trend.AlarmText> alarms = new ArrayList<>();
        // An alarm of software that the scanner no longer has, or of a replaced definition, is closed.
        Judged latest = judged.stream()
                .max(Comparator.comparing(Judged::last).thenComparing(Judged::definition))
                .orElseThrow();
        for (Judged one : judged) {
            for (ControlChart.Point point : one.chart().points()) {
                if (!point.reading().day().isBefore(from)) {
                    dots.add(dot(point, source(byImage, point.reading()), scale));
                }
            }
            pieces.add(piece(one, scale));
            one.chart().alarms().stream()
                    .filter(alarm -> !alarm.at().day().isBefore(from))
                    .forEach(alarm -> {
                        String text = AlarmText.of(key, alarm);
                        marks.add(new Trend.Mark(
                                x(alarm.since().isBefore(from) ? from : alarm.since()),
                                x(alarm.at().day()),
                                y(alarm.at().value(), scale),
                                alarm.rule().name(),
                                text));
                        alarms.add(new Trend.AlarmText(
                                alarm.at().day(),
                                alarm.rule(),
                                text,
                                Links.session(source(byImage, alarm.at()).session()),
                                alarm.until().isEmpty() && !one.replacedBy(latest)));
                    });
        }
        notes.addAll(changes(judged));
        notes.addAll(standards(points.get(0).site()));
        notes.addAll(levels(judged));
        alarms.sort(Comparator.comparing(Trend.AlarmText::noticed).reversed());
        return new Trend(
                points.get(0).site()
                        + (points.get(0).scanner().isEmpty()
                                ? ", scanner unknown"
                                : ", scanner " + points.get(0).scanner()),
                summary(judged.get(judged.size() - 1)),
                dots,
                pieces,
                marks,
                apart(notes),
                ticks(scale),
                alarms);
    }

    private List<Judged> judged(List<Point> points) {
        Map<String, List<Point>> strata = new TreeMap<>();
        points.forEach(point -> strata.computeIfAbsent(
                        point.software() + "\t" + point.coil() + "\t" + point.version(), name -> new ArrayList<>())
                .add(point));
        List<Judged> judged = new ArrayList<>();
        Good good = good(key);
        strata.values().forEach(own -> {
            List<Reading> readings = own.stream()
                    .filter(point -> !point.standing().equals("OUT"))
                    .map(point -> new Reading(
                            image(point),
                            point.content().isEmpty() ? image(point) : point.content(),
                            point.day(),
                            point.value(),
                            point.standing().equals("GOOD")))
                    .toList();
            if (!readings.isEmpty()) {
                Point any = own.get(0);
                judged.add(new Judged(any.software(), any.coil(), any.version(), ControlChart.of(readings, good)));
            }
        });
        judged.sort(Comparator.comparing(Judged::first).thenComparing(Judged::software));
        return judged;
    }

    private static Good good(String key) {
        try {
            return MetricCatalogue.get(key).good();
        } catch (IllegalArgumentException e) {
            // A metric of another version of DATMAN: its good side is unknown.
            return Good.STABLE;
        }
    }

    private Trend.Dot dot(ControlChart.Point judged, Point point, double[] scale) {
        String style = judged.outside()
                ? "out"
                : judged.off() ? "off" : judged.reading().good() ? "good" : "doubtful";
        return new Trend.Dot(
                x(point.day()),
                y(point.value(), scale),
                style,
                Links.series(point.session(), point.scan()),
                point.stem() + ", " + point.day() + ": " + MetricText.number(point.value())
                        + (style.equals("doubtful") ? " (flagged: not part of what is usual)" : ""));
    }

    private Trend.Piece piece(Judged one, double[] scale) {
        LocalDate first = one.first().isBefore(from) ? from : one.first();
        LocalDate last = one.last().isBefore(from) ? from : one.last();
        StringBuilder ewma = new StringBuilder();
        for (ControlChart.Point point : one.chart().points()) {
            if (point.judged() && !point.reading().day().isBefore(from)) {
                ewma.append(x(point.reading().day()))
                        .append(',')
                        .append(y(point.ewma(), scale))
                        .append(' ');
            }
        }
        double left = x(first);
        double width = Math.max(2, x(last) - left);
        Baseline usual = one.chart().baseline().orElse(null);
        if (usual == null) {
            return new Trend.Piece(left, width, left + width, 0, 0, 0, "");
        }
        double top = y(usual.high(), scale);
        double learned = usual.to().isBefore(from) ? left : Math.min(left + width, x(usual.to()));
        return new Trend.Piece(
                left,
                width,
                learned,
                top,
                round(y(usual.low(), scale) - top),
                y(usual.median(), scale),
                ewma.toString().strip());
    }

    /** Where software, coil or definition changed. */
    private List<Trend.Note> changes(List<Judged> judged) {
        List<Trend.Note> notes = new ArrayList<>();
        for (int i = 1; i < judged.size(); i++) {
            Judged before = judged.get(i - 1);
            Judged now = judged.get(i);
            List<String> labels = new ArrayList<>();
            if (!now.software().equals(before.software())) {
                labels.add(now.software().isEmpty() ? "software unknown" : now.software());
            }
            if (!now.coil().equals(before.coil())) {
                labels.add(now.coil().isEmpty() ? "coil unknown" : "coil " + now.coil());
            }
            if (!now.version().equals(before.version())) {
                labels.add("definition v" + now.version());
            }
            if (!now.first().isBefore(from) && !labels.isEmpty()) {
                notes.add(new Trend.Note(x(now.first()), 0, String.join(", ", labels), "scanner"));
            }
        }
        return notes;
    }

    private List<Trend.Note> standards(String site) {
        return standards.stream()
                .filter(gold -> gold.site().equals(site)
                        && !gold.day().isBefore(from)
                        && !gold.day().isAfter(to))
                .map(gold -> new Trend.Note(x(gold.day()), 0, "gold standard, set by " + gold.setBy(), "gold"))
                .toList();
    }

    /** Where the level changed, looking back. */
    private List<Trend.Note> levels(List<Judged> judged) {
        List<Trend.Note> notes = new ArrayList<>();
        for (Judged one : judged) {
            List<ControlChart.Point> points = one.chart().points();
            for (int change : ChangePoints.of(points.stream()
                    .mapToDouble(point -> point.reading().value())
                    .toArray())) {
                LocalDate day = points.get(change).reading().day();
                if (!day.isBefore(from)) {
                    notes.add(new Trend.Note(x(day), 0, "level changed", "level"));
                }
            }
        }
        return notes;
    }

    /** Labels that would overlap are placed on separate lines. */
    private static List<Trend.Note> apart(List<Trend.Note> notes) {
        List<Trend.Note> placed = new ArrayList<>();
        for (Trend.Note note :
                notes.stream().sorted(Comparator.comparingDouble(Trend.Note::x)).toList()) {
            // On the first line with room; without room the label is left out.
            List<Double> free = LINES.stream()
                    .filter(line -> placed.stream()
                            .noneMatch(before -> before.y() == line && before.right() + GAP > note.left()))
                    .toList();
            placed.add(new Trend.Note(
                    note.x(),
                    free.isEmpty() ? LINES.get(0) : free.get(0),
                    free.isEmpty() ? "" : note.words(),
                    note.style()));
        }
        return placed;
    }

    private String summary(Judged latest) {
        String with = (latest.software().isEmpty() ? "" : latest.software() + ", ")
                + (latest.coil().isEmpty() ? "" : "coil " + latest.coil() + ", ");
        return with
                + latest.chart()
                        .baseline()
                        .map(usual -> "usually " + MetricText.number(usual.median()) + ", limits "
                                + MetricText.number(usual.low()) + " to " + MetricText.number(usual.high()) + " from "
                                + usual.readings() + " scans")
                        .orElse("baseline " + latest.chart().good() + " of " + Baseline.FEWEST + " good scans");
    }

    /** Lowest and highest value of the box: readings and limits with a margin. */
    private static double[] scale(List<Point> points, Collection<Judged> judged) {
        List<Double> values = new ArrayList<>();
        points.forEach(point -> values.add(point.value()));
        judged.forEach(one -> one.chart().baseline().ifPresent(usual -> {
            values.add(usual.low());
            values.add(usual.high());
        }));
        double low = Collections.min(values);
        double high = Collections.max(values);
        double alone = high == 0 ? 0.5 : Math.abs(high) * 0.1;
        double margin = high > low ? (high - low) * 0.06 : alone;
        return new double[] {low - margin, high + margin};
    }

    private List<Trend.Tick> ticks(double[] scale) {
        List<Trend.Tick> ticks = new ArrayList<>();
        long days = Math.max(1, ChronoUnit.DAYS.between(from, to));
        for (BigDecimal value : AxisValues.between(scale[0], scale[1], TICKS)) {
            ticks.add(new Trend.Tick(y(value.doubleValue(), scale), AxisValues.label(value), false));
        }
        for (int i = 0; i < TICKS; i++) {
            LocalDate day = from.plusDays(days * i / (TICKS - 1));
            // A window of few days has fewer ticks: two on one day would be printed over each other.
            if (ticks.stream().noneMatch(tick -> tick.vertical() && tick.at() == x(day))) {
                ticks.add(new Trend.Tick(x(day), day.toString(), true));
            }
        }
        return ticks;
    }

    private double x(LocalDate day) {
        long days = ChronoUnit.DAYS.between(from, to);
        return days == 0
                ? (LEFT + RIGHT) / 2
                : round(LEFT + (RIGHT - LEFT) * ChronoUnit.DAYS.between(from, day) / days);
    }

    private static double y(double value, double[] scale) {
        return round(BOTTOM - (BOTTOM - TOP) * (value - scale[0]) / (scale[1] - scale[0]));
    }

    private static double round(double value) {
        return Math.round(value * 10) / 10.0;
    }

    /** The point of a reading: every reading was made of one. */
    private static Point source(Map<String, Point> byImage, Reading reading) {
        return Objects.requireNonNull(byImage.get(reading.image()), reading.image());
    }

    private static String image(Point point) {
        return point.stem() + "\t" + point.session() + "\t" + point.scan();
    }
}
