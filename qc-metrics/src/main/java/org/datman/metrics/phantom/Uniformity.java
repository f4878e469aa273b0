package org.datman.metrics.phantom;

import org.datman.metrics.stats.Robust;

/** What the ACR guide asks of the uniform slice: integral uniformity, ghosting, SNR. NaN where a region has no room. */
final class Uniformity {

    /** Radius of 200 cm2. */
    private static final double LARGE_MM = Math.sqrt(20000 / Math.PI);
    /** Radius of 1 cm2. */
    private static final double SMALL_MM = Math.sqrt(100 / Math.PI);

    private static final double ELLIPSE_MM = 10;
    private static final double CLEAR_MM = 5;
    private static final int SQUARE = 20;
    private static final int SQUARE_OFFSET = 40;
    private static final int BOXCAR = 25;

    private Uniformity() {}

    /** Percent integral uniformity: 100 (1 - (max - min) / (max + min)) of the means of all 1 cm2 circles inside 200 cm2. */
    static double piu(Outline outline) {
        return piu(outline, LARGE_MM);
    }

    /** The same inside a circle of another radius. */
    static double piu(Outline outline, double radiusMm) {
        Plane p = outline.plane();
        int ru = (int) Math.ceil(SMALL_MM / p.du());
        int rv = (int) Math.ceil(SMALL_MM / p.dv());
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int v = 0; v < p.nv(); v++) {
            for (int u = 0; u < p.nu(); u++) {
                if (distance(outline, u, v) + SMALL_MM <= radiusMm) {
                    double mean = ellipse(p, u, v, ru, rv);
                    low = Math.min(low, mean);
                    high = Math.max(high, mean);
                }
            }
        }
        return high >= low ? 100 * (1 - (high - low) / (high + low)) : Double.NaN;
    }

    /** Mean of the 200 cm2 circle about the centroid. */
    static double signal(Outline outline) {
        Plane p = outline.plane();
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
        Plane p = outline.plane();
        float[] values = new float[p.data().length];
        int n = 0;
        for (int v = 0; v < p.nv(); v++) {
            for (int u = 0; u < p.nu(); u++) {
                if (distance(outline, u, v) <= LARGE_MM) {
                    values[n++] = p.at(u, v);
                }
            }
        }
        double limit = 0.5 * Robust.medianInPlace(values, n);
        int dark = 0;
        for (int i = 0; i < n; i++) {
            dark += values[i] < limit ? 1 : 0;
        }
        return (double) dark / n;
    }

    /**
     * Percent signal ghosting: 100 |(two ellipses along v) - (two along u)| / (2 signal), each ellipse midway between phantom and edge of
     * the field of view, 1:4, flattened where there is less room.
     */
    static double psg(Outline outline) {
        Plane p = outline.plane();
        int[][] box = outline.box();
        double beside = between(outline, 0, 0, box[0][0] - 1) + between(outline, 0, box[0][1] + 1, p.nu() - 1);
        double above = between(outline, 1, 0, box[1][0] - 1) + between(outline, 1, box[1][1] + 1, p.nv() - 1);
        return beside + above > 0 ? 100 * Math.abs(above - beside) / (2 * signal(outline)) : Double.NaN;
    }

    private static double between(Outline outline, int axis, int from, int to) {
        Plane p = outline.plane();
        double step = axis == 0 ? p.du() : p.dv();
        double room = (to - from + 1) / 2.0 * step - CLEAR_MM;
        if (room < 2 * step) {
            return Double.NaN;
        }
        double small = Math.min(ELLIPSE_MM, room);
        double large = 4 * ELLIPSE_MM * ELLIPSE_MM / small;
        double middle = (from + to) / 2.0;
        return axis == 0
                ? ellipse(p, middle, outline.v(), small / p.du(), large / p.dv())
                : ellipse(p, outline.u(), middle, large / p.du(), small / p.dv());
    }

    private static double ellipse(Plane p, double u, double v, double ru, double rv) {
        double sum = 0;
        int n = 0;
        for (int y = (int) Math.ceil(v - rv); y <= v + rv; y++) {
            for (int x = (int) Math.ceil(u - ru); x <= u + ru; x++) {
                double a = (x - u) / ru;
                double b = (y - v) / rv;
                if (p.inside(x, y) && a * a + b * b <= 1) {
                    sum += p.at(x, y);
                    n++;
                }
            }
        }
        return sum / n;
    }

    /**
     * SNR of one image (McCann 2013): mean of five squares of 20 voxels over the sd of image less its 25-voxel boxcar there, averaged
     * over the squares; in voxels, as published.
     */
    static double snr(Outline outline) {
        Plane p = outline.plane();
        int cu = (int) Math.round(outline.u());
        int cv = (int) Math.round(outline.v());
        int[][] offsets = {{0, 0}, {-1, -1}, {-1, 1}, {1, -1}, {1, 1}};
        double sum = 0;
        for (int[] o : offsets) {
            int fromU = cu + o[0] * SQUARE_OFFSET - SQUARE / 2;
            int fromV = cv + o[1] * SQUARE_OFFSET - SQUARE / 2;
            if (!outline.holds(fromU, fromV) || !outline.holds(fromU + SQUARE, fromV + SQUARE)) {
                return Double.NaN;
            }
            double[] noise = new double[SQUARE * SQUARE];
            double signal = 0;
            for (int y = 0; y < SQUARE; y++) {
                for (int x = 0; x < SQUARE; x++) {
                    float value = p.at(fromU + x, fromV + y);
                    signal += value / noise.length;
                    noise[y * SQUARE + x] = value - boxcar(p, fromU + x, fromV + y);
                }
            }
            sum += signal / Robust.sd(noise, 1);
        }
        return sum / offsets.length;
    }

    private static double boxcar(Plane p, int u, int v) {
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
        Plane p = outline.plane();
        return Math.hypot((u - outline.u()) * p.du(), (v - outline.v()) * p.dv());
    }
}
