package org.datman.plots.picture;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** <a href="{@docRoot}/../docs/qc-specification.md#V17">V17</a>: the directions of each shell on the sphere, seen along z, y and x, and their angles to a gold table. */
public final class GradientSpheres {

    private static final int WIDTH = 760;
    private static final int TOP = 46;
    private static final int RADIUS = 84;
    private static final int ROW = 2 * RADIUS + 62;
    private static final int BARS = 90;
    private static final int LEFT = 84;
    private static final int RIGHT = 20;
    private static final int MOST_SHELLS = 6;

    /** Viewing axis, and the axes to the right and up: the third always comes out of the page. */
    private static final int[][] VIEWS = {{2, 0, 1}, {1, 2, 0}, {0, 1, 2}};

    /**
     * One shell.
     *
     * @param b s/mm²
     * @param directions x, y, z along the image axes (FSL); unit length but for errors
     * @param gold as they should be, or null
     */
    public record Shell(int b, double[][] directions, double @Nullable [][] gold) {}

    private GradientSpheres() {}

    /**
     * Draws.
     *
     * @param degrees angle to the gold table per volume, NaN where not weighted; null without a gold table
     * @param tolerance in degrees
     */
    public static Picture of(String series, List<Shell> shells, double @Nullable [] degrees, double tolerance) {
        List<Shell> shown = shells.subList(0, Math.min(MOST_SHELLS, shells.size()));
        int height = TOP + shown.size() * ROW + (degrees == null ? 0 : BARS + 62) + 12;
        String title = series + ": gradient directions";
        StringBuilder s = new StringBuilder(Svg.open(title, describe(shells, degrees), WIDTH, height));
        s.append(Svg.text(LEFT, 20, "start", Svg.INK, 12, "gradient directions along the axes of the image"));
        s.append(dot(LEFT + 4, 33, false)).append(Svg.text(LEFT + 13, 37, "start", Svg.INK, 11, "towards you"));
        s.append(dot(LEFT + 104, 33, true));
        s.append(Svg.text(LEFT + 113, 37, "start", Svg.INK, 11, "away from you, drawn at its opposite"));
        if (shells.size() > shown.size()) {
            String more = String.format(Locale.ROOT, "%d more shells are not drawn", shells.size() - shown.size());
            s.append(Svg.text(WIDTH - RIGHT, 37, "end", Svg.INK, 11, more));
        }
        for (int n = 0; n < shown.size(); n++) {
            row(s, shown.get(n), TOP + n * ROW);
        }
        if (degrees != null) {
            bars(s, degrees, tolerance, TOP + shown.size() * ROW + 18);
        }
        s.append("</svg>\n");
        return new Picture(
                "gradients.svg",
                "Gradient directions",
                "Points should cover every disc evenly: gaps or clumps leave directions unmeasured"
                        + (degrees == null ? "." : ", bars above the dashed line are directions of another table."),
                s.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String describe(List<Shell> shells, double @Nullable [] degrees) {
        StringBuilder text = new StringBuilder();
        for (Shell shell : shells) {
            text.append(String.format(Locale.ROOT, "b %d: %d directions; ", shell.b, shell.directions.length));
        }
        if (degrees == null) {
            return text.append("no gold table").toString();
        }
        double worst = Arrays.stream(degrees).filter(Double::isFinite).max().orElse(0);
        return text.append("largest angle to the gold table ")
                .append(Svg.number(worst))
                .append(" degrees")
                .toString();
    }

    private static void row(StringBuilder s, Shell shell, int top) {
        String what = String.format(Locale.ROOT, "b = %d s/mm², %d directions", shell.b, shell.directions.length);
        s.append(Svg.text(LEFT, top + 14, "start", Svg.INK, 11, what));
        for (int n = 0; n < VIEWS.length; n++) {
            int[] view = VIEWS[n];
            double cx = LEFT + RADIUS + n * (2.0 * RADIUS + 56);
            double cy = top + 30 + RADIUS;
            s.append(Svg.line(cx - RADIUS, cy, cx + RADIUS, cy, "#ddd", false));
            s.append(Svg.line(cx, cy - RADIUS, cx, cy + RADIUS, "#ddd", false));
            s.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%d\" fill=\"none\" stroke=\"#999\"/>\n",
                    cx,
                    cy,
                    RADIUS));
            s.append(Svg.text(cx + RADIUS + 5, cy + 4, "start", Svg.INK, 11, "xyz".substring(view[1], view[1] + 1)));
            s.append(Svg.text(cx + 5, cy - RADIUS - 4, "start", Svg.INK, 11, "xyz".substring(view[2], view[2] + 1)));
            for (int d = 0; d < shell.directions.length; d++) {
                double[] g = unit(shell.directions[d]);
                if (g == null) {
                    continue;
                }
                double side = g[view[0]] < 0 ? -1 : 1;
                double x = cx + RADIUS * side * g[view[1]];
                double y = cy - RADIUS * side * g[view[2]];
                double[] gold = shell.gold == null ? null : unit(shell.gold[d]);
                if (gold != null) {
                    // The opposite of a gold direction is the same direction: the nearer one.
                    double same = g[0] * gold[0] + g[1] * gold[1] + g[2] * gold[2] < 0 ? -side : side;
                    s.append(Svg.line(
                            x,
                            y,
                            cx + RADIUS * same * gold[view[1]],
                            cy - RADIUS * same * gold[view[2]],
                            Svg.COLOURS[1],
                            false));
                }
                s.append(dot(x, y, side < 0));
            }
        }
    }

    private static double @Nullable [] unit(double[] g) {
        double norm = Math.sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2]);
        return norm > 0 ? new double[] {g[0] / norm, g[1] / norm, g[2] / norm} : null;
    }

    private static String dot(double x, double y, boolean hollow) {
        return String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\" stroke=\"%s\"/>\n",
                x,
                y,
                hollow ? "white" : Svg.COLOURS[0],
                Svg.COLOURS[0]);
    }

    private static void bars(StringBuilder s, double[] degrees, double tolerance, int top) {
        double high = Scale.round(Math.max(
                1.5 * tolerance,
                Arrays.stream(degrees).filter(Double::isFinite).max().orElse(0)));
        Svg.Axis up = new Svg.Axis(0, high, false);
        Svg.Axis along = new Svg.Axis(-0.5, degrees.length - 0.5, false);
        double wide = WIDTH - LEFT - RIGHT;
        s.append(Svg.text(LEFT, top - 6, "start", Svg.INK, 11, "angle to the gold table, degrees"));
        s.append(Svg.box(LEFT, top, wide, BARS));
        for (double tick : up.ticks(3)) {
            s.append(Svg.text(LEFT - 5, top + BARS * (1 - up.share(tick)) + 4, "end", Svg.INK, 11, Svg.number(tick)));
        }
        for (double tick : along.ticks(10)) {
            if (tick == Math.rint(tick)) {
                s.append(Svg.text(
                        LEFT + wide * along.share(tick), top + BARS + 14, "middle", Svg.INK, 11, Svg.number(tick)));
            }
        }
        s.append(Svg.text(LEFT + wide / 2, top + BARS + 30, "middle", Svg.INK, 11, "volume"));
        for (int v = 0; v < degrees.length; v++) {
            if (Double.isFinite(degrees[v])) {
                double x = LEFT + wide * along.share(v);
                double y = top + BARS * (1 - up.share(degrees[v]));
                s.append(Svg.line(x, top + BARS, x, y, Svg.COLOURS[degrees[v] > tolerance ? 1 : 0], false));
                s.append(Svg.line(x - 2, y, x + 2, y, Svg.COLOURS[degrees[v] > tolerance ? 1 : 0], false));
            }
        }
        double limit = top + BARS * (1 - up.share(tolerance));
        s.append(Svg.line(LEFT, limit, LEFT + wide, limit, "#777", true));
    }
}
