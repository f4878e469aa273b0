package org.datman.metrics.picture;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Panels of courses over volumes under each other, as SVG. */
public final class Traces {

    private static final int WIDTH = 900;
    private static final int PANEL = 110;
    private static final int LEFT = 64;
    private static final int RIGHT = 16;
    private static final String[] COLOURS = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"};

    private final String title;
    private final List<String> panels = new ArrayList<>();
    private final List<String> summary = new ArrayList<>();
    private int volumes;

    public Traces(String title) {
        this.title = title;
    }

    /**
     * Adds a panel.
     *
     * @param label with unit
     * @param names one per course, or an empty array
     * @param courses each one value per volume; NaN leaves a gap
     * @param lines horizontal limits, dashed
     */
    public Traces panel(String label, String[] names, double[][] courses, double... lines) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double[] course : courses) {
            volumes = Math.max(volumes, course.length);
            for (double v : course) {
                if (Double.isFinite(v)) {
                    low = Math.min(low, v);
                    high = Math.max(high, v);
                }
            }
        }
        for (double line : lines) {
            low = Math.min(low, line);
            high = Math.max(high, line);
        }
        if (!(high >= low)) {
            return this;
        }
        double room = Math.max((high - low) * 0.08, 1e-12);
        panels.add(draw(label, names, courses, lines, low - room, high + room));
        summary.add(label + " from " + number(low) + " to " + number(high));
        return this;
    }

    private String draw(String label, String[] names, double[][] courses, double[] lines, double low, double high) {
        int top = 30 + panels.size() * PANEL;
        int height = PANEL - 26;
        StringBuilder s = new StringBuilder();
        s.append(text(LEFT, top - 4, "start", label));
        s.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#999\"/>%n",
                LEFT,
                top,
                WIDTH - LEFT - RIGHT,
                height));
        s.append(text(LEFT - 4, top + 10, "end", number(high)));
        s.append(text(LEFT - 4, top + height, "end", number(low)));
        for (double line : lines) {
            double y = top + height * (high - line) / (high - low);
            s.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#777\" stroke-dasharray=\"4 3\"/>%n",
                    LEFT,
                    WIDTH - RIGHT,
                    y,
                    y));
        }
        for (int c = 0; c < courses.length; c++) {
            s.append(path(courses[c], top, height, low, high, COLOURS[c % COLOURS.length]));
            if (c < names.length) {
                s.append(String.format(
                        Locale.ROOT,
                        "<text x=\"%d\" y=\"%d\" font-size=\"11\" text-anchor=\"end\" fill=\"%s\">%s</text>%n",
                        WIDTH - RIGHT - 46 * (names.length - 1 - c),
                        top - 4,
                        COLOURS[c % COLOURS.length],
                        escape(names[c])));
            }
        }
        return s.toString();
    }

    private static String path(double[] course, int top, int height, double low, double high, String colour) {
        StringBuilder d = new StringBuilder();
        boolean pen = false;
        double step = (double) (WIDTH - LEFT - RIGHT) / Math.max(1, course.length - 1);
        for (int t = 0; t < course.length; t++) {
            if (!Double.isFinite(course[t])) {
                pen = false;
                continue;
            }
            double y = top + height * (high - course[t]) / (high - low);
            d.append(String.format(Locale.ROOT, "%s%.1f %.1f", pen ? "L" : "M", LEFT + t * step, y));
            pen = true;
        }
        return "<path d=\"" + d + "\" fill=\"none\" stroke=\"" + colour + "\" stroke-width=\"1.2\"/>\n";
    }

    /** The plot; its text alternative says the range of every panel. */
    public Picture picture(String fileName, String whatToLookFor) {
        int height = 40 + panels.size() * PANEL;
        StringBuilder s = new StringBuilder();
        s.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                        + " font-family=\"sans-serif\" role=\"img\">%n",
                WIDTH,
                height,
                WIDTH,
                height));
        s.append("<title>").append(escape(title)).append("</title>\n<desc>");
        s.append(escape(String.join("; ", summary))).append("</desc>\n");
        s.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        panels.forEach(s::append);
        for (int mark = 0; mark <= 4; mark++) {
            int t = Math.round(mark * (Math.max(1, volumes) - 1) / 4f);
            s.append(text(LEFT + mark * (WIDTH - LEFT - RIGHT) / 4, height - 4, "middle", "volume " + t));
        }
        s.append("</svg>\n");
        return new Picture(
                fileName, title, whatToLookFor, s.toString().replace("\r", "").getBytes(StandardCharsets.UTF_8));
    }

    private static String text(int x, int y, String anchor, String content) {
        return String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" font-size=\"11\" text-anchor=\"%s\" fill=\"#222\">%s</text>\n",
                x,
                y,
                anchor,
                escape(content));
    }

    private static String number(double v) {
        return String.format(Locale.ROOT, "%.3g", v);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
