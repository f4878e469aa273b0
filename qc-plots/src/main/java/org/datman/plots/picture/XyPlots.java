package org.datman.plots.picture;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.datman.plots.picture.Svg.Axis;

/** Panels under each other, each with its own axes, as SVG. */
public final class XyPlots {

    private static final int WIDTH = 760;
    private static final int PANEL = 250;
    private static final int HEIGHT = 180;
    private static final int LEFT = 84;
    private static final int RIGHT = 20;

    private static final double LETTER = 6;

    /** How the axes of a panel run. */
    public enum Form {
        LINEAR,
        LOGARITHMIC,
        /** Only upwards. */
        LOGARITHMIC_Y
    }

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
     * @param colour number of its colour, or -1 for its place among the curves
     */
    public record Curve(String name, double[] x, double[] y, boolean dashed, int colour) {

        /** In the next colour. */
        public Curve(String name, double[] x, double[] y, boolean dashed) {
            this(name, x, y, dashed, -1);
        }
    }

    public XyPlots(String title) {
        this.title = title;
    }

    /** Adds a panel; labels carry their units. A panel without two different points is left out. */
    public XyPlots panel(String heading, String xLabel, String yLabel, boolean log, List<Curve> curves) {
        return panel(heading, xLabel, yLabel, log ? Form.LOGARITHMIC : Form.LINEAR, curves);
    }

    /** Adds a panel; labels carry their units. A panel without two different points is left out. */
    public XyPlots panel(String heading, String xLabel, String yLabel, Form form, List<Curve> curves) {
        Axis x = Axis.of(curves.stream().map(Curve::x).toList(), form == Form.LOGARITHMIC, 0);
        Axis y = Axis.of(curves.stream().map(Curve::y).toList(), form != Form.LINEAR, 0.06);
        if (x == null || y == null) {
            return this;
        }
        int top = 34 + panels.size() * PANEL;
        StringBuilder s = new StringBuilder();
        s.append(Svg.text(LEFT, top - 6, "start", "#222", 11, heading));
        s.append(Svg.box(LEFT, top, WIDTH - LEFT - RIGHT, HEIGHT));
        for (double tick : x.ticks(4)) {
            s.append(
                    Svg.text((int) Math.round(px(x, tick)), top + HEIGHT + 14, "middle", "#222", 11, Svg.number(tick)));
        }
        for (double tick : y.ticks(4)) {
            s.append(Svg.text(LEFT - 5, (int) Math.round(py(y, tick, top)) + 4, "end", "#222", 11, Svg.number(tick)));
        }
        s.append(Svg.text(LEFT + (WIDTH - LEFT - RIGHT) / 2, top + HEIGHT + 30, "middle", "#222", 11, xLabel));
        s.append(Svg.upright(14, top + HEIGHT / 2.0, yLabel));
        // The legend is beside the heading, where no curve can run through it.
        double right = WIDTH - RIGHT;
        for (int c = curves.size() - 1; c >= 0; c--) {
            Curve curve = curves.get(c);
            String colour = colour(curve, c);
            String label = (curve.dashed() ? "- -  " : "—  ") + curve.name();
            s.append(Svg.text(right, top - 6, "end", colour, 11, label));
            right -= label.length() * LETTER + 12;
        }
        for (int c = 0; c < curves.size(); c++) {
            s.append(path(curves.get(c), x, y, top, colour(curves.get(c), c)));
        }
        panels.add(s.toString());
        summary.add(heading + ": " + yLabel + " from " + Svg.number(y.low()) + " to " + Svg.number(y.high()));
        return this;
    }

    private static String colour(Curve curve, int place) {
        return Svg.COLOURS[(curve.colour() < 0 ? place : curve.colour()) % Svg.COLOURS.length];
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
                Svg.point(d, pen, px(x, curve.x()[n]), py(y, curve.y()[n], top));
            }
            pen = shown;
        }
        return "<path d=\"" + d + "\" fill=\"none\" stroke=\"" + colour + "\" stroke-width=\"1.3\""
                + (curve.dashed() ? " stroke-dasharray=\"6 4\"" : "") + "/>\n";
    }

    /** The plot; its text alternative contains the range of every panel. */
    public Picture picture(String fileName, String whatToLookFor) {
        int height = 34 + panels.size() * PANEL;
        StringBuilder s = new StringBuilder();
        s.append(Svg.open(title, String.join("; ", summary), WIDTH, height));
        panels.forEach(s::append);
        s.append("</svg>\n");
        return new Picture(
                fileName, Svg.subject(title), whatToLookFor, s.toString().getBytes(StandardCharsets.UTF_8));
    }
}
