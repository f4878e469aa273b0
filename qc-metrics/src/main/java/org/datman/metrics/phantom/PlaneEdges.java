package org.datman.metrics.phantom;

import java.util.Arrays;

/**
 * Where the lines of a slice along one axis enter and leave a round phantom, at half of its signal, between voxels.
 *
 * @param low per line, voxels; NaN where the line misses the phantom
 * @param high per line, voxels
 */
record PlaneEdges(double[] low, double[] high) {

    PlaneEdges {
        low = low.clone();
        high = high.clone();
    }

    /** Edges along u ({@code along} 0: one line per v) or along v (1: one line per u). */
    static PlaneEdges of(SliceImage plane, int along, double level) {
        int lines = along == 0 ? plane.nv() : plane.nu();
        int n = along == 0 ? plane.nu() : plane.nv();
        double[] low = new double[lines];
        double[] high = new double[lines];
        double[] x = new double[n];
        for (int line = 0; line < lines; line++) {
            for (int p = 0; p < n; p++) {
                x[p] = along == 0 ? plane.at(p, line) : plane.at(line, p);
            }
            low[line] = crossing(x, 1, level);
            high[line] = crossing(x, -1, level);
        }
        return new PlaneEdges(low, high);
    }

    private static double crossing(double[] x, int step, double level) {
        int n = x.length;
        for (int p = 1; p + 1 < n; p++) {
            int at = step > 0 ? p : n - 1 - p;
            if (x[at] > level && x[at - step] <= level && x[at + step] > level) {
                return at - step * (x[at] - level) / (x[at] - x[at - step]);
            }
        }
        return Double.NaN;
    }

    /**
     * Diameter in mm from the lines within five of the centre, each chord lengthened to the diameter of its circle; NaN where fewer than
     * three of them meet the phantom.
     *
     * @param centre line through the centre
     * @param step voxel size along the lines
     * @param apart distance between lines
     */
    double diameter(double centre, double step, double apart) {
        return Arrays.stream(lines(centre, 5))
                .mapToDouble(line -> {
                    double half = (high[line] - low[line]) * step / 2;
                    double off = (line - centre) * apart;
                    return 2 * Math.sqrt(half * half + off * off);
                })
                .filter(Double::isFinite)
                .average()
                .orElse(Double.NaN);
    }

    /** Mean absolute distance of both edges from those of another image over the lines within {@code reach} of the centre, voxels. */
    double shift(PlaneEdges other, double centre, double reach) {
        return Arrays.stream(lines(centre, reach))
                .mapToDouble(
                        line -> (Math.abs(low[line] - other.low[line]) + Math.abs(high[line] - other.high[line])) / 2)
                .filter(Double::isFinite)
                .average()
                .orElse(Double.NaN);
    }

    private int[] lines(double centre, double reach) {
        int from = (int) Math.max(0, Math.ceil(centre - reach));
        int to = (int) Math.min(low.length - 1.0, Math.floor(centre + reach));
        return java.util.stream.IntStream.rangeClosed(from, to).toArray();
    }
}
