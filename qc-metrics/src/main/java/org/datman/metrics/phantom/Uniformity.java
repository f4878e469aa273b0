package org.datman.metrics.phantom;

import java.util.ArrayList;
import java.util.List;
import org.datman.analysis.stats.Statistics;
import org.jspecify.annotations.Nullable;

/** The ACR guide's tests of the uniform slice: integral uniformity, ghosting, SNR. NaN where a region has no room. */
final class Uniformity {

    /** Radius of 200 cm2. */
    static final double LARGE_MM = Math.sqrt(20000 / Math.PI);
    /** Radius of 1 cm2. */
    static final double SMALL_MM = Math.sqrt(100 / Math.PI);

    private static final double ELLIPSE_MM = 10;
    private static final double CLEAR_MM = 5;
    static final int SQUARE = 20;
    private static final int SQUARE_OFFSET = 40;
    private static final int BOXCAR = 25;

    private Uniformity() {}

    /** Percent integral uniformity inside 200 cm2. */
    static double piu(Outline outline) {
        return piu(outline, LARGE_MM);
    }

    /** The same inside a circle of another radius. */
    static double piu(Outline outline, double radiusMm) {
        Extremes extremes = Extremes.of(outline, radiusMm);
        return extremes == null ? Double.NaN : extremes.piu();
    }

    /**
     * The darkest and the brightest of all 1 cm2 circles inside a larger one about the centroid.
     *
     * @param low mean of the darkest
     * @param high mean of the brightest
     * @param lowAt its centre {u, v}
     * @param highAt centre of the brightest
     */
    record Extremes(double low, double high, double[] lowAt, double[] highAt) {

        static @Nullable Extremes of(Outline outline) {
            return of(outline, LARGE_MM);
        }

        /** Tests every voxel as centre; null where no circle fits. */
        static @Nullable Extremes of(Outline outline, double radiusMm) {
            SliceImage p = outline.plane();
            int ru = (int) Math.ceil(SMALL_MM / p.du());
            int rv = (int) Math.ceil(SMALL_MM / p.dv());
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            double[] lowAt = new double[2];
            double[] highAt = new double[2];
            for (int v = 0; v < p.nv(); v++) {
                for (int u = 0; u < p.nu(); u++) {
                    if (distance(outline, u, v) + SMALL_MM <= radiusMm) {
                        double mean = mean(p, new Ellipse(u, v, ru, rv));
                        if (mean < low) {
                            low = mean;
                            lowAt = new double[] {u, v};
                        }
                        if (mean > high) {
                            high = mean;
                            highAt = new double[] {u, v};
                        }
                    }
                }
            }
            return high < low ? null : new Extremes(low, high, lowAt, highAt);
        }

        /** 100 (1 - (max - min) / (max + min)). */
        double piu() {
            return 100 * (1 - (high - low) / (high + low));
        }
    }

    /** Mean of the 200 cm2 circle about the centroid. */
    static double signal(Outline outline) {
        SliceImage p = outline.plane();
        double sum = 0;
        int n = 0;
        for (int v = 0; v < p.nv(); v++) {
            for (int u = 0; u < p.nu(); u++) {
                if (distance(outline, u, v) <= LARGE_MM) {
                    sum += p.at(u, v);
                    n++;
                }
            }
        }
        return sum / n;
    }

    /** Share of the inner 80 mm that is darker than half of its median: inserts and bars. */
    static double dark(Outline outline) {
        SliceImage p = outline.plane();
        float[] values = new float[p.data().length];
        int n = 0;
        for (int v = 0; v < p.nv(); v++) {
            for (int u = 0; u < p.nu(); u++) {
                if (distance(outline, u, v) <= LARGE_MM) {
                    values[n++] = p.at(u, v);
                }
            }
        }
        double limit = 0.5 * Statistics.medianInPlace(values, n);
        int dark = 0;
        for (int i = 0; i < n; i++) {
            dark += values[i] < limit ? 1 : 0;
        }
        return (double) dark / n;
    }

    /** An ellipse, centre and radii in voxels. */
    record Ellipse(double u, double v, double ru, double rv) {}

    /**
     * Percent signal ghosting: 100 |(two ellipses along v) - (two along u)| / (2 signal), each ellipse midway between phantom and edge of
     * the field of view, 1:4, flattened where there is less room.
     */
    static double psg(Outline outline) {
        List<Ellipse> all = beside(outline);
        if (all.size() < 4) {
            return Double.NaN;
        }
        SliceImage p = outline.plane();
        double sides = mean(p, all.get(0)) + mean(p, all.get(1));
        double above = mean(p, all.get(2)) + mean(p, all.get(3));
        return sides + above > 0 ? 100 * Math.abs(above - sides) / (2 * signal(outline)) : Double.NaN;
    }

    /** The four ellipses: before and behind along u, before and behind along v; fewer where there is no room. */
    static List<Ellipse> beside(Outline outline) {
        SliceImage p = outline.plane();
        int[][] box = outline.box();
        List<Ellipse> all = new ArrayList<>();
        between(outline, 0, 0, box[0][0] - 1, all);
        between(outline, 0, box[0][1] + 1, p.nu() - 1, all);
        between(outline, 1, 0, box[1][0] - 1, all);
        between(outline, 1, box[1][1] + 1, p.nv() - 1, all);
        return all;
    }

    private static void between(Outline outline, int axis, int from, int to, List<Ellipse> all) {
        SliceImage p = outline.plane();
        double step = axis == 0 ? p.du() : p.dv();
        double room = (to - from + 1) / 2.0 * step - CLEAR_MM;
        if (room < 2 * step) {
            return;
        }
        double small = Math.min(ELLIPSE_MM, room);
        double large = 4 * ELLIPSE_MM * ELLIPSE_MM / small;
        double middle = (from + to) / 2.0;
        all.add(
                axis == 0
                        ? new Ellipse(middle, outline.v(), small / p.du(), large / p.dv())
                        : new Ellipse(outline.u(), middle, large / p.du(), small / p.dv()));
    }

    private static double mean(SliceImage p, Ellipse e) {
        double sum = 0;
        int n = 0;
        for (int y = (int) Math.ceil(e.v - e.rv); y <= e.v + e.rv; y++) {
            for (int x = (int) Math.ceil(e.u - e.ru); x <= e.u + e.ru; x++) {
                double a = (x - e.u) / e.ru;
                double b = (y - e.v) / e.rv;
                if (p.inside(x, y) && a * a + b * b <= 1) {
                    sum += p.at(x, y);
                    n++;
                }
            }
        }
        return sum / n;
    }

    /** Mean of the ellipses beside the phantom; 0 where there is no room for any. */
    static double air(Outline outline) {
        return beside(outline).stream()
                .mapToDouble(e -> mean(outline.plane(), e))
                .average()
                .orElse(0);
    }

    /** First columns and rows of the five squares of {@link #SQUARE} voxels, or an empty list where they do not fit. */
    static List<int[]> squares(Outline outline) {
        int cu = (int) Math.round(outline.u());
        int cv = (int) Math.round(outline.v());
        List<int[]> all = new ArrayList<>();
        for (int[] o : new int[][] {{0, 0}, {-1, -1}, {-1, 1}, {1, -1}, {1, 1}}) {
            int u = cu + o[0] * SQUARE_OFFSET - SQUARE / 2;
            int v = cv + o[1] * SQUARE_OFFSET - SQUARE / 2;
            if (!outline.holds(u, v) || !outline.holds(u + SQUARE, v + SQUARE)) {
                return List.of();
            }
            all.add(new int[] {u, v});
        }
        return all;
    }

    /**
     * SNR of two images (NEMA MS 1, hazen's subtraction): root 2 times mean of the five squares over the sd of the difference there,
     * averaged over the squares.
     */
    static double snr(Outline outline, SliceImage second) {
        SliceImage p = outline.plane();
        List<int[]> squares = squares(outline);
        double sum = 0;
        for (int[] square : squares) {
            double[] difference = new double[SQUARE * SQUARE];
            double signal = 0;
            for (int n = 0; n < difference.length; n++) {
                int u = square[0] + n % SQUARE;
                int v = square[1] + n / SQUARE;
                difference[n] = (double) p.at(u, v) - second.at(u, v);
                signal += ((double) p.at(u, v) + second.at(u, v)) / 2 / difference.length;
            }
            sum += Math.sqrt(2) * signal / Statistics.sd(difference, 1);
        }
        return sum / squares.size();
    }

    /**
     * SNR of one image (McCann 2013): mean of five squares of 20 voxels over the sd of image less its 25-voxel boxcar there, averaged
     * over the squares; in voxels, as published.
     */
    static double snr(Outline outline) {
        SliceImage p = outline.plane();
        List<int[]> squares = squares(outline);
        double sum = 0;
        for (int[] square : squares) {
            int fromU = square[0];
            int fromV = square[1];
            double[] noise = new double[SQUARE * SQUARE];
            double signal = 0;
            for (int y = 0; y < SQUARE; y++) {
                for (int x = 0; x < SQUARE; x++) {
                    float value = p.at(fromU + x, fromV + y);
                    signal += value / noise.length;
                    noise[y * SQUARE + x] = value - boxcar(p, fromU + x, fromV + y);
                }
            }
            sum += signal / Statistics.sd(noise, 1);
        }
        return sum / squares.size();
    }

    private static double boxcar(SliceImage p, int u, int v) {
        int reach = BOXCAR / 2;
        double sum = 0;
        for (int y = v - reach; y <= v + reach; y++) {
            for (int x = u - reach; x <= u + reach; x++) {
                sum += p.inside(x, y) ? p.at(x, y) : 0;
            }
        }
        return sum / (BOXCAR * BOXCAR);
    }

    private static double distance(Outline outline, int u, int v) {
        SliceImage p = outline.plane();
        return Math.hypot((u - outline.u()) * p.du(), (v - outline.v()) * p.dv());
    }
}
