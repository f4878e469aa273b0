package org.datman.metrics.phantom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.datman.metrics.stats.Robust;

/**
 * The two crossed ramps of the ACR phantom's first slice: bright streaks in the dark bar through its middle, ten times as long as the
 * slice is thick, one longer and one shorter where the phantom is tilted.
 *
 * @param lower full width at half maximum of the ramp at the smaller rows, mm
 * @param upper of the other
 */
record Ramps(double lower, double upper) {

    private static final double SEARCH_MM = 15;
    private static final double COLUMNS_MM = 5;
    private static final double REACH_MM = 65;
    private static final double SMOOTH_MM = 4;
    private static final double AROUND_MM = 1.2;
    private static final double SHORTEST_MM = 15;

    /** 0.2 (top x bottom) / (top + bottom), mm. */
    double thickness() {
        return 0.2 * lower * upper / (lower + upper);
    }

    /** Measures along u, or null where there is no dark bar along u with two streaks in it. */
    static Ramps of(Outline outline) {
        Plane p = outline.plane();
        int[] bar = bar(outline);
        if (bar == null) {
            return null;
        }
        double height = bar[1] - bar[0] + 1;
        double lower = streak(outline, bar[0] - 0.5 + 0.25 * height);
        double upper = streak(outline, bar[0] - 0.5 + 0.75 * height);
        double longest = 2 * REACH_MM - 2 * p.du();
        boolean found = lower > SHORTEST_MM && lower < longest && upper > SHORTEST_MM && upper < longest;
        return found ? new Ramps(lower, upper) : null;
    }

    /** First and last row of the dark run nearest to the centre. */
    private static int[] bar(Outline outline) {
        Plane p = outline.plane();
        int reach = (int) (SEARCH_MM / p.dv());
        int columns = (int) Math.round(COLUMNS_MM / p.du());
        int middle = (int) Math.round(outline.v());
        int centre = (int) Math.round(outline.u());
        if (!p.inside(centre - columns, middle - reach) || !p.inside(centre + columns, middle + reach)) {
            return null;
        }
        double[] profile = new double[2 * reach + 1];
        for (int r = 0; r < profile.length; r++) {
            for (int c = centre - columns; c <= centre + columns; c++) {
                profile[r] += p.at(c, middle - reach + r) / (2.0 * columns + 1);
            }
        }
        double limit = 0.5 * Robust.median(profile);
        int[] best = null;
        int start = -1;
        for (int r = 0; r <= profile.length; r++) {
            boolean dark = r < profile.length && profile[r] < limit;
            if (dark && start < 0) {
                start = r;
            } else if (!dark && start >= 0) {
                int[] run = {start + middle - reach, r - 1 + middle - reach};
                boolean nearer = best == null
                        || Math.abs(run[0] + run[1] - 2 * middle) < Math.abs(best[0] + best[1] - 2 * middle);
                best = nearer ? run : best;
                start = -1;
            }
        }
        return best != null && (best[1] - best[0] + 1) * p.dv() >= 5 ? best : null;
    }

    /** Median width over pairs of neighbouring rows about {@code row}: truncation ringing of the bar's edge alternates by row. */
    private static double streak(Outline outline, double row) {
        Plane p = outline.plane();
        List<Double> widths = new ArrayList<>();
        for (int v = 0; v + 1 < p.nv(); v++) {
            if (Math.abs(v + 0.5 - row) * p.dv() <= Math.max(AROUND_MM, 0.5 * p.dv())) {
                widths.add(width(outline, v));
            }
        }
        return Robust.median(widths.stream().mapToDouble(w -> w).toArray());
    }

    private static double width(Outline outline, int v) {
        Plane p = outline.plane();
        int reach = (int) (REACH_MM / p.du());
        int centre = (int) Math.round(outline.u());
        int half = Math.max(0, (int) Math.round(SMOOTH_MM / p.du() / 2));
        double[] x = new double[2 * reach + 1];
        for (int i = 0; i < x.length; i++) {
            int n = 0;
            for (int u = centre - reach + i - half; u <= centre - reach + i + half; u++) {
                if (p.inside(u, v)) {
                    x[i] += (p.at(u, v) + p.at(u, v + 1)) / 2;
                    n++;
                }
            }
            x[i] = n == 0 ? 0 : x[i] / n;
        }
        int peak = 0;
        for (int i = 1; i < x.length; i++) {
            peak = x[i] > x[peak] ? i : peak;
        }
        double level = (x[peak] + Arrays.stream(x).min().orElse(0)) / 2;
        return (crossing(x, peak, 1, level) + crossing(x, peak, -1, level)) * p.du();
    }

    /** Distance from the peak to the level in one direction, voxels, linear between voxels; to the end where it is not reached. */
    private static double crossing(double[] x, int peak, int step, double level) {
        int i = peak;
        while (i + step >= 0 && i + step < x.length) {
            if (x[i + step] <= level) {
                return Math.abs(i - peak) + (x[i] - level) / (x[i] - x[i + step]);
            }
            i += step;
        }
        return Math.abs(i - peak);
    }
}
