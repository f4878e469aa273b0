package org.datman.plots.picture;

import java.util.function.IntUnaryOperator;

/**
 * From values to colours that are distinguishable for colour-blind people. Ends are rounded to few steps, so that the same protocol has the same
 * window in every session and two pictures can be compared by eye.
 */
public final class Scale {

    /** Not known: no colour of any scale. */
    static final int UNKNOWN = 0xb8b8b8;

    private static final double[] STEPS = {1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};

    /** Anchors of viridis (van der Walt and Smith 2015). */
    private static final int[] VIRIDIS = {
        0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b, 0xfde725
    };

    private static final int[] DIVERGING = {0x053061, 0x0b4f9e, 0x6fa8d8, 0xffffff, 0xf0a860, 0xc35a00, 0x5a2000};

    private final int[] colours;
    private final double low;
    private final double high;
    private final boolean logarithmic;
    private final double from;
    private final double perUnit;
    private final String text;

    private Scale(double low, double high, boolean logarithmic, String text, int steps, IntUnaryOperator colour) {
        this.low = low;
        this.high = high;
        this.logarithmic = logarithmic;
        this.text = text;
        this.from = logarithmic ? Math.log(low) : low;
        this.perUnit = (steps - 1) / Math.max((logarithmic ? Math.log(high) : high) - from, 1e-30);
        this.colours = new int[steps];
        java.util.Arrays.setAll(colours, colour);
    }

    /** Black to white. */
    public static Scale grey(double low, double high, String what) {
        return new Scale(low, high, false, window(low, high, what), 256, i -> i * 0x010101);
    }

    /** White to black, for backgrounds. */
    public static Scale inverted(double low, double high, String what) {
        return new Scale(low, high, false, window(low, high, what) + ", DARK = MORE", 256, i -> (255 - i) * 0x010101);
    }

    /** White to black over three decades below {@code high}. */
    public static Scale invertedLog(double high) {
        String what = window(high / 1000, high, "LOG WINDOW") + ", DARK = MORE";
        return new Scale(high / 1000, high, true, what, 256, i -> (255 - i) * 0x010101);
    }

    /** Dark blue over green to yellow. */
    public static Scale viridis(double low, double high, String what) {
        return new Scale(low, high, false, window(low, high, what), 256, i -> along(VIRIDIS, i / 255.0));
    }

    /** Dark blue over green to yellow, logarithmic. */
    public static Scale viridisLog(double low, double high, String what) {
        return new Scale(low, high, true, window(low, high, what + " LOG"), 256, i -> along(VIRIDIS, i / 255.0));
    }

    /** Blue below zero, white at zero exactly, orange above. */
    public static Scale diverging(double limit, String what) {
        return new Scale(-limit, limit, false, window(-limit, limit, what), 255, i -> along(DIVERGING, i / 254.0));
    }

    private static String window(double low, double high, String what) {
        return what + " " + Svg.number(low) + " TO " + Svg.number(high);
    }

    /** The next of 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten; 1 for values that are not positive. */
    public static double round(double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        for (double step : STEPS) {
            if (step * power >= value * (1 - 1e-9)) {
                return step * power;
            }
        }
        return 10 * power;
    }

    int colour(double value) {
        if (Double.isNaN(value)) {
            return UNKNOWN;
        }
        double at = logarithmic ? Math.log(Math.max(value, 1e-300)) : value;
        return colours[(int) Math.max(0, Math.min(colours.length - 1, (at - from) * perUnit + 0.5))];
    }

    double low() {
        return low;
    }

    double high() {
        return high;
    }

    /** The window as text, for the stamp. */
    String text() {
        return text;
    }

    /** The scale itself, from low at the left to high at the right. */
    void bar(Raster raster, int x, int y, int width, int height) {
        for (int a = 0; a < width; a++) {
            raster.fill(x + a, y, 1, height, colours[a * (colours.length - 1) / Math.max(1, width - 1)]);
        }
        raster.frame(x - 1, y - 1, width + 2, height + 2, 0x808080);
    }

    private static int along(int[] anchors, double share) {
        double at = share * (anchors.length - 1);
        int n = Math.min(anchors.length - 2, (int) at);
        double part = at - n;
        int out = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int a = anchors[n] >> shift & 0xff;
            int b = anchors[n + 1] >> shift & 0xff;
            out |= (int) Math.round(a + part * (b - a)) << shift;
        }
        return out;
    }
}
