package org.datman.metrics.picture;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Panels under each other, each with its own axes (linear, or logarithmic on both), as SVG. */
public final class XyPlots {

    private static final int WIDTH = 760;
    private static final int PANEL = 250;
    private static final int HEIGHT = 180;
    private static final int LEFT = 84;
    private static final int RIGHT = 20;
    private static final String[] COLOURS = {"#0072b2", "#d55e00", "#009e73", "#cc79a7"};

    private final String title;
    private final List<String> panels = new ArrayList<>();
    private final List<String> summary = new ArrayList<>();

    /**
     * One curve.
     *
     * @param name for the legend
     * @param x as many as y
     * @param y values; those that are not finite (or not positive on a logarithmic axis) leave a gap
     * @param dashed for theory and fits
     */
    public record Curve(String name, double[] x, double[] y, boolean dashed) {}

    /** Range of an axis and how it is drawn. */
    private record Axis(double low, double high, boolean log) {

        double share(double value) {
            return log
                    ? (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))
                    : (value - low) / (high - low);
        }

        boolean shows(double value) {
            return Double.isFinite(value) && (!log || value > 0);
        }

        /** Round numbers within the axis: multiples of 1, 2 or 5 of a power of ten, on a logarithmic axis 1, 2, 5, 10 … themselves. */
        double[] ticks() {
            if (log) {
                double first = Math.pow(10, Math.floor(Math.log10(low)));
                return IntStream.range(0, 60)
                        .mapToDouble(n -> first * Math.pow(10, n / 3) * new double[] {1, 2, 5}[n % 3])
                        .filter(v -> v >= low * (1 - 1e-9) && v <= high * (1 + 1e-9))
                        .toArray();
            }
            double rough = (high - low) / 4;
            double power = Math.pow(10, Math.floor(Math.log10(rough)));
            double step = power * (rough >= 5 * power ? 5 : rough >= 2 * power ? 2 : 1);
            long from = (long) Math.ceil(low / step - 1e-9);
            long to = (long) Math.floor(high / step + 1e-9);
            return LongStream.rangeClosed(from, to).mapToDouble(n -> n * step).toArray();
        }
    }

    public XyPlots(String title) {
        this.title = title;
    }

    /** Adds a panel; labels carry their units. A panel without two different points is left out. */
    public XyPlots panel(String heading, String xLabel, String yLabel, boolean log, List<Curve> curves) {
        Axis x = axis(curves.stream().map(Curve::x).toList(), log, 0);
        Axis y = axis(curves.stream().map(Curve::y).toList(), log, 0.06);
        if (x == null || y == null) {
            return this;
        }
        int top = 34 + panels.size() * PANEL;
        StringBuilder s = new StringBuilder();
        s.append(text(LEFT, top - 6, "start", "#222", heading));
        s.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#999\"/>\n",
                LEFT,
                top,
                WIDTH - LEFT - RIGHT,
                HEIGHT));
        for (double tick : x.ticks()) {
            s.append(text((int) Math.round(px(x, tick)), top + HEIGHT + 14, "middle", "#222", number(tick)));
        }
        for (double tick : y.ticks()) {
            s.append(text(LEFT - 5, (int) Math.round(py(y, tick, top)) + 4, "end", "#222", number(tick)));
        }
        s.append(text(LEFT + (WIDTH - LEFT - RIGHT) / 2, top + HEIGHT + 30, "middle", "#222", xLabel));
        s.append(String.format(
                Locale.ROOT,
                "<text transform=\"translate(14 %d) rotate(-90)\" font-size=\"11\" text-anchor=\"middle\""
                        + " fill=\"#222\">%s</text>\n",
                top + HEIGHT / 2,
                escape(yLabel)));
        for (int c = 0; c < curves.size(); c++) {
            Curve curve = curves.get(c);
            s.append(path(curve, x, y, top, COLOURS[c % COLOURS.length]));
            s.append(text(WIDTH - RIGHT - 6, top + 14 + 14 * c, "end", COLOURS[c % COLOURS.length], curve.name()));
        }
        panels.add(s.toString());
        summary.add(heading + ": " + yLabel + " from " + number(y.low()) + " to " + number(y.high()));
        return this;
    }

    private static Axis axis(List<double[]> all, boolean log, double room) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double[] values : all) {
            for (double v : values) {
                if (Double.isFinite(v) && (!log || v > 0)) {
                    low = Math.min(low, v);
                    high = Math.max(high, v);
                }
            }
        }
        if (!(high > low)) {
            return null;
        }
        if (log) {
            double factor = Math.pow(high / low, room);
            return new Axis(low / factor, high * factor, true);
        }
        return new Axis(low - room * (high - low), high + room * (high - low), false);
    }

    private static double px(Axis x, double value) {
        return LEFT + (WIDTH - LEFT - RIGHT) * x.share(value);
    }

    private static double py(Axis y, double value, int top) {
        return top + HEIGHT * (1 - y.share(value));
    }

    private static String path(Curve curve, Axis x, Axis y, int top, String colour) {
        StringBuilder d = new StringBuilder();
        boolean pen = false;
        for (int n = 0; n < curve.x().length; n++) {
            boolean shown = x.shows(curve.x()[n]) && y.shows(curve.y()[n]);
            if (shown) {
                d.append(String.format(
                        Locale.ROOT, "%s%.1f %.1f", pen ? "L" : "M", px(x, curve.x()[n]), py(y, curve.y()[n], top)));
            }
            pen = shown;
        }
        return "<path d=\"" + d + "\" fill=\"none\" stroke=\"" + colour + "\" stroke-width=\"1.3\""
                + (curve.dashed() ? " stroke-dasharray=\"6 4\"" : "") + "/>\n";
    }

    /** The plot; its text alternative says the range of every panel. */
    public Picture picture(String fileName, String whatToLookFor) {
        int height = 34 + panels.size() * PANEL;
        StringBuilder s = new StringBuilder();
        s.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                        + " font-family=\"sans-serif\" role=\"img\">\n",
                WIDTH,
                height,
                WIDTH,
                height));
        s.append("<title>").append(escape(title)).append("</title>\n<desc>");
        s.append(escape(String.join("; ", summary))).append("</desc>\n");
        s.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        panels.forEach(s::append);
        s.append("</svg>\n");
        return new Picture(fileName, title, whatToLookFor, s.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String text(int x, int y, String anchor, String colour, String content) {
        return String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" font-size=\"11\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n",
                x,
                y,
                anchor,
                colour,
                escape(content));
    }

    private static String number(double v) {
        return new BigDecimal(v).round(new MathContext(5)).stripTrailingZeros().toPlainString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
