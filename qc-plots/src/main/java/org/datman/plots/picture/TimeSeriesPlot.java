package org.datman.plots.picture;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.datman.plots.picture.Svg.Axis;

/** Panels of time courses over volumes under each other, as SVG; a carpet of voxels may be among them, on the same axis. */
public final class TimeSeriesPlot {

    private static final int WIDTH = 900;
    private static final int TOP = 28;
    private static final int PANEL = 78;
    private static final int BETWEEN = 24;
    private static final int LEFT = 70;
    private static final int RIGHT = 16;
    private static final double LEAST_ROOM = 1e-12;

    private final String title;
    private final double tr;
    private final StringBuilder drawn = new StringBuilder();
    private final List<String> summary = new ArrayList<>();
    private int volumes;
    private int bottom = TOP;

    /**
     * @param trSeconds for the time axis, NaN to leave it out
     * @param volumes in the run; time courses must have as many
     */
    public TimeSeriesPlot(String title, double trSeconds, int volumes) {
        this.title = title;
        this.tr = trSeconds;
        this.volumes = Math.max(1, volumes);
    }

    /**
     * Adds a panel; one without any value is left out.
     *
     * @param label with unit
     * @param names one per time course, or an empty array
     * @param courses each one value per volume; NaN leaves a gap
     * @param lines horizontal limits, dashed
     */
    public TimeSeriesPlot panel(String label, String[] names, double[][] courses, double... lines) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double[] course : courses) {
            for (double v : course) {
                if (Double.isFinite(v)) {
                    low = Math.min(low, v);
                    high = Math.max(high, v);
                }
            }
        }
        if (!(high >= low)) {
            return this;
        }
        summary.add(label + " from " + Svg.number(low) + " to " + Svg.number(high));
        for (double line : lines) {
            low = Math.min(low, line);
            high = Math.max(high, line);
        }
        double room = Math.max((high - low) * 0.08, LEAST_ROOM + 1e-6 * Math.abs(high));
        draw(label, names, courses, lines, new Axis(low - room, high + room, false));
        return this;
    }

    /** Adds a panel of one time course with triangles above some volumes. */
    public TimeSeriesPlot marked(String label, double[] course, boolean[] marks, double... lines) {
        int top = bottom;
        panel(label, new String[0], new double[][] {course}, lines);
        int many = 0;
        for (int t = 0; t < marks.length && bottom > top; t++) {
            if (marks[t]) {
                drawn.append(String.format(
                        Locale.ROOT,
                        "<path d=\"M%.1f %.1fl-4 -7h8z\" fill=\"%s\"/>\n",
                        x(t),
                        top + 9.0,
                        Svg.COLOURS[1]));
                many++;
            }
        }
        summary.add(many + " volumes marked");
        return this;
    }

    private void draw(String label, String[] names, double[][] courses, double[] lines, Axis axis) {
        int top = bottom;
        drawn.append(Svg.text(LEFT, top - 5, "start", Svg.INK, 11, label));
        drawn.append(Svg.box(LEFT, top, WIDTH - LEFT - RIGHT, PANEL));
        for (double tick : axis.ticks(3)) {
            double y = top + PANEL * (1 - axis.share(tick));
            drawn.append(Svg.line(LEFT - 3, y, LEFT, y, "#999", false));
            drawn.append(Svg.text(LEFT - 5, y + 4, "end", Svg.INK, 10, Svg.number(tick)));
        }
        for (double line : lines) {
            double y = top + PANEL * (1 - axis.share(line));
            drawn.append(Svg.line(LEFT, y, WIDTH - RIGHT, y, "#777", true));
        }
        for (int c = 0; c < courses.length; c++) {
            String colour = Svg.COLOURS[c % Svg.COLOURS.length];
            drawn.append(path(courses[c], top, axis, colour));
            if (c < names.length) {
                drawn.append(
                        Svg.text(WIDTH - RIGHT - 52 * (names.length - 1 - c), top - 5, "end", colour, 11, names[c]));
            }
        }
        bottom = top + PANEL + BETWEEN;
    }

    private double x(double volume) {
        return LEFT + (WIDTH - LEFT - RIGHT) * (volume + 0.5) / volumes;
    }

    private String path(double[] course, int top, Axis axis, String colour) {
        StringBuilder d = new StringBuilder();
        boolean pen = false;
        for (int t = 0; t < course.length; t++) {
            if (!Double.isFinite(course[t])) {
                pen = false;
                continue;
            }
            double y = top + PANEL * (1 - axis.share(course[t]));
            // A value alone between gaps is a dot.
            boolean alone = !pen && (t + 1 == course.length || !Double.isFinite(course[t + 1]));
            Svg.point(d, pen, x(t), y);
            d.append(alone ? "h.1" : "");
            pen = true;
        }
        return "<path d=\"" + d + "\" fill=\"none\" stroke=\"" + colour
                + "\" stroke-width=\"1.2\" stroke-linecap=\"round\"/>\n";
    }

    /** <a href="{@docRoot}/../docs/qc-specification.md#V5">V5</a>: voxels as rows of colour, in groups, each against its own median in units of its own noise. */
    public TimeSeriesPlot carpet(Carpet carpet) {
        int rows = carpet.rows().length;
        if (rows == 0) {
            return this;
        }
        int top = bottom;
        int height = Math.max(60, Math.min(320, rows));
        Scale scale = Carpet.SCALE;
        Raster raster = new Raster(volumes, rows, 0xffffff);
        for (int r = 0; r < rows; r++) {
            for (int t = 0; t < volumes; t++) {
                raster.set(t, r, scale.colour(carpet.rows()[r][t]));
            }
        }
        drawn.append(Svg.text(
                LEFT,
                top - 5,
                "start",
                Svg.INK,
                11,
                "voxels against their own median, in sd of their own noise: blue less, orange more, full colour at "
                        + Svg.number(scale.high())));
        drawn.append(String.format(
                Locale.ROOT,
                "<image x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" preserveAspectRatio=\"none\""
                        + " image-rendering=\"pixelated\" href=\"data:image/png;base64,%s\"/>\n",
                LEFT,
                top,
                WIDTH - LEFT - RIGHT,
                height,
                Base64.getEncoder().encodeToString(raster.png())));
        drawn.append(Svg.box(LEFT, top, WIDTH - LEFT - RIGHT, height));
        int from = 0;
        for (Carpet.Group group : carpet.groups()) {
            double y1 = top + (double) height * from / rows;
            double y2 = top + (double) height * (from + group.rows()) / rows;
            drawn.append(Svg.text(LEFT - 6, (y1 + y2) / 2 + 4, "end", Svg.INK, 11, group.name()));
            drawn.append(Svg.line(LEFT - 4, y2, WIDTH - RIGHT, y2, "#222", false));
            from += group.rows();
        }
        summary.add("carpet of " + rows + " voxels");
        bottom = top + height + BETWEEN;
        return this;
    }

    /** The plot; its text alternative contains the range of every panel. */
    public Picture picture(String fileName, String whatToLookFor) {
        StringBuilder s = new StringBuilder();
        int height = bottom + (Double.isNaN(tr) ? 6 : 20);
        s.append(Svg.open(title, String.join("; ", summary), WIDTH, height));
        s.append(drawn);
        Axis axis = new Axis(-0.5, volumes - 0.5, false);
        for (double tick : axis.ticks(10)) {
            if (tick == Math.rint(tick)) {
                s.append(Svg.line(x(tick), bottom - BETWEEN, x(tick), bottom - BETWEEN + 3, "#999", false));
                s.append(Svg.text(x(tick), bottom - BETWEEN + 15, "middle", Svg.INK, 10, Svg.number(tick)));
                if (!Double.isNaN(tr)) {
                    s.append(Svg.text(x(tick), bottom - BETWEEN + 29, "middle", Svg.INK, 10, Svg.number(tick * tr)));
                }
            }
        }
        s.append(Svg.text(4, bottom - BETWEEN + 15, "start", Svg.INK, 10, "volume"));
        if (!Double.isNaN(tr)) {
            s.append(Svg.text(4, bottom - BETWEEN + 29, "start", Svg.INK, 10, "time, s"));
        }
        s.append("</svg>\n");
        return new Picture(
                fileName, Svg.subject(title), whatToLookFor, s.toString().getBytes(StandardCharsets.UTF_8));
    }
}
