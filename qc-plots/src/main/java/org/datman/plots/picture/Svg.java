package org.datman.plots.picture;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Pieces of an SVG. Only attributes, no style sheets or scripts: it must look the same where a page forbids both. */
final class Svg {

    /** Okabe and Ito's colours, which are distinguishable for colour-blind people. */
    static final String[] COLOURS = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"};

    static final String INK = "#222";

    private Svg() {}

    static String open(String title, String description, int width, int height) {
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                                + " font-family=\"sans-serif\" role=\"img\">\n",
                        width,
                        height,
                        width,
                        height)
                + "<title>" + escape(title) + "</title>\n<desc>" + escape(description) + "</desc>\n"
                + "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
                + text(4, height - 3, "start", "#777", 9, Stamp.shortened(title, (width - 120) / 7))
                + text(width - 4, height - 3, "end", "#999", 9, Stamp.VERSION);
    }

    /** The title of a picture, without the series before the colon. */
    static String subject(String title) {
        String subject = title.substring(title.lastIndexOf(": ") + 1).strip();
        return subject.isEmpty() ? title : Character.toUpperCase(subject.charAt(0)) + subject.substring(1);
    }

    static String text(double x, double y, String anchor, String colour, int size, String content) {
        return String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n",
                x,
                y,
                size,
                anchor,
                colour,
                escape(content));
    }

    /** Draws to a point, or moves there with the pen lifted; to tenths. Long time courses have thousands: a format string costs ten times as much. */
    static void point(StringBuilder path, boolean pen, double x, double y) {
        path.append(pen ? 'L' : 'M');
        tenths(path, x);
        path.append(' ');
        tenths(path, y);
    }

    private static void tenths(StringBuilder path, double value) {
        long tenths = Math.round(Math.abs(value) * 10);
        path.append(value < 0 && tenths > 0 ? "-" : "")
                .append(tenths / 10)
                .append('.')
                .append(tenths % 10);
    }

    static String line(double x1, double y1, double x2, double y2, String colour, boolean dashed) {
        return String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"%s/>\n",
                x1,
                y1,
                x2,
                y2,
                colour,
                dashed ? " stroke-dasharray=\"4 3\"" : "");
    }

    static String box(double x, double y, double w, double h) {
        return String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"none\" stroke=\"#999\"/>\n",
                x,
                y,
                w,
                h);
    }

    static String upright(double x, double y, String content) {
        return String.format(
                Locale.ROOT,
                "<text transform=\"translate(%.1f %.1f) rotate(-90)\" font-size=\"11\" text-anchor=\"middle\""
                        + " fill=\"%s\">%s</text>\n",
                x,
                y,
                INK,
                escape(content));
    }

    /** At most five digits, never an exponent. */
    static String number(double v) {
        return new BigDecimal(v).round(new MathContext(5)).stripTrailingZeros().toPlainString();
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** Range of an axis and how it is drawn. */
    record Axis(double low, double high, boolean log) {

        /** The range of some values with room at both ends; null without two different ones. */
        static @Nullable Axis of(Iterable<double[]> all, boolean log, double room) {
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

        double share(double value) {
            return log
                    ? (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))
                    : (value - low) / (high - low);
        }

        boolean shows(double value) {
            return Double.isFinite(value) && (!log || value > 0);
        }

        /**
         * Round numbers within the axis: multiples of 1, 2 or 5 of a power of ten, on a logarithmic axis 1, 2, 5, 10 … themselves (over many
         * decades only 1, 10, 100 …).
         */
        double[] ticks(int about) {
            if (log) {
                double first = Math.pow(10, Math.floor(Math.log10(low)));
                // Over many decades 2 and 5 would overlap.
                int step = high / low > 500 ? 3 : 1;
                return IntStream.range(0, 60 / step)
                        .map(n -> n * step)
                        .mapToDouble(n -> first * Math.pow(10, n / 3) * new double[] {1, 2, 5}[n % 3])
                        .filter(v -> v >= low * (1 - 1e-9) && v <= high * (1 + 1e-9))
                        .toArray();
            }
            double rough = (high - low) / about;
            double power = Math.pow(10, Math.floor(Math.log10(rough)));
            double step = power * (rough >= 5 * power ? 5 : rough >= 2 * power ? 2 : 1);
            long from = (long) Math.ceil(low / step - 1e-9);
            long to = (long) Math.floor(high / step + 1e-9);
            return LongStream.rangeClosed(from, to).mapToDouble(n -> n * step).toArray();
        }
    }
}
