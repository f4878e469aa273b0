package org.datman.metrics.phantom;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.datman.analysis.stats.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * The two crossed ramps of the ACR phantom's first slice: bright streaks in the dark bar through its middle, ten times as long as the
 * slice is thick, one longer and one shorter where the phantom is tilted. The bar's edges are fitted first, so that the streaks are
 * followed where the phantom is turned a little.
 *
 * <p>A width depends on the level at which it is read. The ACR guide sets it at half of the mean signal in the middle of the ramp; it
 * assumes that darkness is zero, which magnitude images lack, so the noise floor beside the phantom is the zero here. The full width at half
 * maximum (half way from the bar's darkest part to the middle of the ramp) is shorter where truncation ringing brightens the bar. hazen
 * 1.x gave 4.91 mm (Siemens) and 5.02 mm (GE) for its two public phantoms, as the second level does; hazen 2 publishes 5.89 and 9.99,
 * but counts the ramps in pixels (GE: 9.99 pixels of 0.508 mm are 5.07 mm) and reads them off an image split at half of the level, which
 * the first level comes near to where pixels are nearly 1 mm.
 *
 * @param lower the ramp at the smaller rows
 * @param upper the other
 * @param top row of the bar's first edge: {at column 0, per column}
 * @param bottom of its second edge
 */
record SliceThickness(Streak lower, Streak upper, double[] top, double[] bottom) {

    private static final double SEARCH_MM = 15;
    private static final double COLUMNS_MM = 5;
    private static final double EDGE_MM = 75;
    private static final double REACH_MM = 65;
    private static final double SMOOTH_MM = 4;
    private static final double PLATEAU_MM = 10;
    private static final double SHORTEST_MM = 15;
    private static final double[] SHARES = {0.25, 0.75};
    /** Half of the share of the bar's height that one streak is averaged over. */
    private static final double AROUND = 0.1;

    SliceThickness {
        top = top.clone();
        bottom = bottom.clone();
    }

    /**
     * One ramp.
     *
     * @param guide its width at the ACR guide's level, mm
     * @param fwhm its full width at half maximum, mm
     * @param from column where it begins at the guide's level
     * @param to column where it ends
     * @param share its position in the bar's height
     */
    record Streak(double guide, double fwhm, double from, double to, double share) {}

    /** 0.2 (top x bottom) / (top + bottom) at the ACR guide's level, mm. */
    double thickness() {
        return formula(lower.guide, upper.guide);
    }

    /** The same formula with full widths at half maximum, mm. */
    double thicknessFwhm() {
        return formula(lower.fwhm, upper.fwhm);
    }

    private static double formula(double a, double b) {
        return 0.2 * a * b / (a + b);
    }

    /** Row of the middle of a streak at a column. */
    double row(Streak streak, double column) {
        double first = top[0] + top[1] * column;
        return first + streak.share * (bottom[0] + bottom[1] * column - first);
    }

    /** Measures along u, or null where there is no dark bar along u with two streaks in it. */
    static @Nullable SliceThickness of(Outline outline) {
        int[] bar = bar(outline);
        if (bar == null) {
            return null;
        }
        double[][] edges = edges(outline, (bar[0] + bar[1]) / 2.0);
        if (edges == null) {
            return null;
        }
        double floor = floor(outline);
        Streak lower = streak(outline, edges, SHARES[0], floor);
        Streak upper = streak(outline, edges, SHARES[1], floor);
        return lower == null || upper == null ? null : new SliceThickness(lower, upper, edges[0], edges[1]);
    }

    /** First and last row of the dark run nearest to the centre. */
    private static int @Nullable [] bar(Outline outline) {
        SliceImage p = outline.plane();
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
        double limit = 0.5 * Statistics.median(profile);
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

    /** Both edges of the bar as straight lines, from where each column rises half way to the level beside the bar; null if they do not. */
    private static double @Nullable [][] edges(Outline outline, double middle) {
        SliceImage p = outline.plane();
        int from = (int) Math.max(0, outline.u() - EDGE_MM / p.du());
        int to = (int) Math.min(p.nu() - 1.0, outline.u() + EDGE_MM / p.du());
        int reach = (int) (SEARCH_MM / p.dv());
        int row = (int) Math.round(middle);
        double[] first = new double[to - from + 1];
        double[] second = new double[first.length];
        for (int u = from; u <= to; u++) {
            first[u - from] = edge(p, u, row, -1, reach);
            second[u - from] = edge(p, u, row, 1, reach);
        }
        double[] top = straight(first, from, 1.5 / p.dv());
        double[] bottom = straight(second, from, 1.5 / p.dv());
        return top == null || bottom == null ? null : new double[][] {top, bottom};
    }

    private static double edge(SliceImage p, int u, int row, int step, int reach) {
        int near = (int) Math.max(1, Math.round(2 / p.dv()));
        int far = (int) Math.max(1, Math.round(5 / p.dv()));
        if (!p.inside(u, row + step * reach) || !p.inside(u, row - step * near)) {
            return Double.NaN;
        }
        double dark = Statistics.median(IntStream.rangeClosed(-near, near)
                .mapToDouble(r -> p.at(u, row + r))
                .toArray());
        double bright = Statistics.median(IntStream.range(0, far)
                .mapToDouble(r -> p.at(u, row + step * (reach - r)))
                .toArray());
        double level = (dark + bright) / 2;
        for (int r = 1; r <= reach && bright > 2 * dark; r++) {
            double here = p.at(u, row + step * r);
            double before = p.at(u, row + step * (r - 1));
            if (here > level) {
                return row + step * (r - (here - level) / (here - before));
            }
        }
        return Double.NaN;
    }

    /** {at 0, slope} by least squares, five times without the points further off than {@code limit}; null with fewer than 20 points. */
    private static double @Nullable [] straight(double[] y, int from, double limit) {
        double middle =
                Statistics.median(Arrays.stream(y).filter(Double::isFinite).toArray());
        double[] fit = {middle, 0};
        double allowed = 4 * limit;
        for (int turn = 0; turn < 5; turn++) {
            double n = 0;
            double sx = 0;
            double sy = 0;
            double xx = 0;
            double xy = 0;
            for (int i = 0; i < y.length; i++) {
                double x = from + i;
                if (Double.isFinite(y[i]) && Math.abs(y[i] - fit[0] - fit[1] * x) < allowed) {
                    n++;
                    sx += x;
                    sy += y[i];
                    xx += x * x;
                    xy += x * y[i];
                }
            }
            if (n < 20) {
                return null;
            }
            double slope = (n * xy - sx * sy) / (n * xx - sx * sx);
            fit = new double[] {(sy - slope * sx) / n, slope};
            allowed = limit;
        }
        return fit;
    }

    /** Median of the air from 6 to 20 mm outside the phantom; 0 where the field of view ends before. */
    private static double floor(Outline outline) {
        SliceImage p = outline.plane();
        double radius = (outline.lengthU() + outline.lengthV()) / 4;
        float[] air = new float[p.data().length];
        int n = 0;
        for (int v = 0; v < p.nv(); v++) {
            for (int u = 0; u < p.nu(); u++) {
                double away = Math.hypot((u - outline.u()) * p.du(), (v - outline.v()) * p.dv()) - radius;
                if (away > 6 && away < 20 && !outline.holds(u, v)) {
                    air[n++] = p.at(u, v);
                }
            }
        }
        return n < 50 ? 0 : Statistics.medianInPlace(air, n);
    }

    private static @Nullable Streak streak(Outline outline, double[][] edges, double share, double floor) {
        SliceImage p = outline.plane();
        int reach = (int) (REACH_MM / p.du());
        int first = (int) Math.round(outline.u()) - reach;
        double[] raw = new double[2 * reach + 1];
        for (int i = 0; i < raw.length; i++) {
            double u = first + i;
            double top = edges[0][0] + edges[0][1] * u;
            double high = edges[1][0] + edges[1][1] * u - top;
            for (int s = -4; s <= 4; s++) {
                raw[i] += p.between(u, top + high * (share + AROUND * s / 4)) / 9;
            }
        }
        double[] x = smooth(raw, Math.max(0, (int) Math.round(SMOOTH_MM / p.du() / 2)));
        double base = Arrays.stream(x).min().orElse(0);
        double[] half = {reach, reach};
        double[] guide = half;
        for (int turn = 0; turn < 5; turn++) {
            double centre = (half[0] + half[1]) / 2;
            double plateau = plateau(raw, centre, PLATEAU_MM / p.du());
            double[] nextHalf = width(x, centre, (plateau + base) / 2);
            double[] nextGuide = width(x, centre, (plateau + Math.min(floor, base)) / 2);
            if (nextHalf == null || nextGuide == null) {
                return null;
            }
            half = nextHalf;
            guide = nextGuide;
        }
        double fwhm = (half[1] - half[0]) * p.du();
        double wide = (guide[1] - guide[0]) * p.du();
        boolean found = fwhm > SHORTEST_MM && wide < 2 * REACH_MM - 4 * p.du();
        return found ? new Streak(wide, fwhm, first + guide[0], first + guide[1], share) : null;
    }

    private static double[] smooth(double[] x, int half) {
        double[] out = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int from = Math.max(0, i - half);
            int to = Math.min(x.length - 1, i + half);
            for (int n = from; n <= to; n++) {
                out[i] += x[n] / (to - from + 1);
            }
        }
        return out;
    }

    private static double plateau(double[] x, double centre, double reach) {
        int from = (int) Math.max(0, Math.ceil(centre - reach));
        int to = (int) Math.min(x.length - 1.0, Math.floor(centre + reach));
        return Arrays.stream(x, from, to + 1).average().orElse(Double.NaN);
    }

    /** Where the level is crossed on either side of the centre, linear between samples; null where the centre is below it. */
    private static double @Nullable [] width(double[] x, double centre, double level) {
        int at = (int) Math.max(0, Math.min(x.length - 1.0, Math.round(centre)));
        if (!(x[at] > level)) {
            return null;
        }
        return new double[] {crossing(x, at, -1, level), crossing(x, at, 1, level)};
    }

    private static double crossing(double[] x, int from, int step, double level) {
        int i = from;
        while (i + step >= 0 && i + step < x.length) {
            if (x[i + step] <= level) {
                return i + step * (x[i] - level) / (x[i] - x[i + step]);
            }
            i += step;
        }
        return i;
    }
}
