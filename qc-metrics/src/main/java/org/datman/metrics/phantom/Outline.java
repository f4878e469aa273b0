package org.datman.metrics.phantom;

import java.util.Arrays;
import org.datman.analysis.image.Grid;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Morphology;
import org.datman.analysis.mask.Morphology.Neighbours;
import org.datman.analysis.stats.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * The outline of a phantom in a slice: the convex hull of its largest part above half of its median, so that inserts, an air gap and
 * the holder do not dent it.
 *
 * @param first per column u the first row v inside, or 1
 * @param last per column u the last row v inside, or 0: an empty column
 * @param u centroid along u, voxels
 * @param v centroid along v, voxels
 * @param plane the slice
 */
record Outline(int[] first, int[] last, double u, double v, SliceImage plane) {

    private static final double CERTAINLY_OBJECT = 0.07;
    private static final double CLOSED_MM = 3;
    private static final int FEWEST = 100;

    /** The outline, or null where the slice is empty. */
    static @Nullable Outline of(SliceImage plane) {
        float[] x = plane.data();
        float max = 0;
        for (float value : x) {
            max = Math.max(max, value);
        }
        float[] bright = new float[x.length];
        int n = 0;
        for (float value : x) {
            if (value > CERTAINLY_OBJECT * max) {
                bright[n++] = value;
            }
        }
        if (n < FEWEST) {
            return null;
        }
        double threshold = 0.5 * Statistics.median(Arrays.copyOf(bright, n));
        Grid grid = Grid.ras(plane.nu(), plane.nv(), 1, plane.du(), plane.dv(), 1);
        // Closed first: the bars of the grid in slice 5 would cut the phantom into pieces.
        Mask closed = Morphology.closeMm(Mask.above(grid, x, threshold, "phantom"), CLOSED_MM);
        Mask mask = Morphology.largest(closed, Neighbours.FACES_6);
        return mask.count() < FEWEST ? null : hull(mask, plane);
    }

    private static Outline hull(Mask mask, SliceImage plane) {
        double[] low = edge(mask, plane, 1);
        double[] high = edge(mask, plane, -1);
        int[] first = new int[plane.nu()];
        int[] last = new int[plane.nu()];
        double su = 0;
        double sv = 0;
        long n = 0;
        for (int u = 0; u < plane.nu(); u++) {
            boolean empty = Double.isNaN(low[u]);
            first[u] = empty ? 1 : (int) Math.ceil(low[u] - 1e-9);
            last[u] = empty ? 0 : (int) Math.floor(high[u] + 1e-9);
            int count = Math.max(0, last[u] - first[u] + 1);
            su += (double) count * u;
            sv += count * (first[u] + last[u]) / 2.0;
            n += count;
        }
        return new Outline(first, last, su / n, sv / n, plane);
    }

    /** Lower (sign 1) or upper (sign -1) chain of the hull, one height per column; NaN beside the object. */
    private static double[] edge(Mask mask, SliceImage plane, int sign) {
        int nu = plane.nu();
        int[] us = new int[nu];
        int[] vs = new int[nu];
        int n = 0;
        for (int u = 0; u < nu; u++) {
            int found = -1;
            for (int step = 0; step < plane.nv() && found < 0; step++) {
                int v = sign > 0 ? step : plane.nv() - 1 - step;
                found = mask.in()[v * nu + u] ? v : -1;
            }
            if (found < 0) {
                continue;
            }
            while (n > 1 && sign * turn(us[n - 2], vs[n - 2], us[n - 1], vs[n - 1], u, found) <= 0) {
                n--;
            }
            us[n] = u;
            vs[n++] = found;
        }
        double[] edge = new double[nu];
        Arrays.fill(edge, Double.NaN);
        edge[us[0]] = vs[0];
        for (int p = 1; p < n; p++) {
            for (int u = us[p - 1] + 1; u <= us[p]; u++) {
                edge[u] = vs[p - 1] + (double) (vs[p] - vs[p - 1]) * (u - us[p - 1]) / (us[p] - us[p - 1]);
            }
        }
        return edge;
    }

    private static long turn(int au, int av, int bu, int bv, int cu, int cv) {
        return (long) (bu - au) * (cv - av) - (long) (bv - av) * (cu - au);
    }

    boolean holds(int column, int row) {
        return column >= 0 && column < first.length && row >= first[column] && row <= last[column];
    }

    /** Length through the centroid along u, mm. */
    double lengthU() {
        int row = (int) Math.round(v);
        int n = 0;
        for (int column = 0; column < first.length; column++) {
            n += holds(column, row) ? 1 : 0;
        }
        return n * plane.du();
    }

    /** Length through the centroid along v, mm. */
    double lengthV() {
        int column = (int) Math.round(u);
        return (last[column] - first[column] + 1) * plane.dv();
    }

    /** Length in mm through the centroid along a diagonal: {@code sign} 1 where u and v grow together, -1 where one falls. */
    double lengthDiagonal(int sign) {
        double[] ends = new double[2];
        for (int way = 0; way < 2; way++) {
            double direction = way == 0 ? 1 : -1;
            double mm = 0;
            double step = 0.1;
            while (holds((int) Math.round(u + direction * (mm + step) * Math.sqrt(0.5) / plane.du()), (int)
                    Math.round(v + direction * sign * (mm + step) * Math.sqrt(0.5) / plane.dv()))) {
                mm += step;
            }
            ends[way] = mm;
        }
        return ends[0] + ends[1];
    }

    /** {first, last} column and {first, last} row of the outline. */
    int[][] box() {
        int[] columns = {plane.nu(), -1};
        int[] rows = {plane.nv(), -1};
        for (int column = 0; column < first.length; column++) {
            if (last[column] >= first[column]) {
                columns[0] = Math.min(columns[0], column);
                columns[1] = Math.max(columns[1], column);
                rows[0] = Math.min(rows[0], first[column]);
                rows[1] = Math.max(rows[1], last[column]);
            }
        }
        return new int[][] {columns, rows};
    }
}
