package org.datman.analysis.mask;

import java.util.Arrays;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Parallel;

/**
 * Exact Euclidean distance in millimetres, up to a limit. The squared distance is a sum over the axes, so its minimum is taken
 * axis by axis (Felzenszwalb and Huttenlocher 2012); as distances beyond the limit do not count, every sweep covers only that range
 * and takes whole rows at a time, which vectorises.
 */
final class Distance {

    private static final float FAR = Float.POSITIVE_INFINITY;

    private Distance() {}

    /** Whether the centre of each voxel is within {@code mm} of the centre of any voxel of the set. */
    static boolean[] within(Mask mask, double mm) {
        Grid g = mask.grid();
        float limit = (float) (mm * mm);
        float[] rows = alongRows(mask, limit);
        float[] planes = sweep(rows, g, 1, limit);
        float[] all = sweep(planes, g, 2, limit);
        boolean[] near = new boolean[all.length];
        for (int v = 0; v < near.length; v++) {
            near[v] = all[v] <= limit;
        }
        return near;
    }

    /** Squared distance to the nearest voxel of the set in the same row. */
    private static float[] alongRows(Mask mask, float limit) {
        Grid g = mask.grid();
        int n = g.nx();
        boolean[] in = mask.in();
        float[] square = squares(n, g.dx());
        float[] out = new float[g.size()];
        for (int base = 0; base < out.length; base += n) {
            int gap = n;
            for (int i = 0; i < n; i++) {
                gap = in[base + i] ? 0 : gap + 1;
                out[base + i] = gap < n && square[gap] <= limit ? square[gap] : FAR;
            }
            gap = n;
            for (int i = n - 1; i >= 0; i--) {
                gap = in[base + i] ? 0 : gap + 1;
                if (gap < n && square[gap] < out[base + i] && square[gap] <= limit) {
                    out[base + i] = square[gap];
                }
            }
        }
        return out;
    }

    /** Minimum over the neighbours along j or k of what they have plus the squared step to them. */
    private static float[] sweep(float[] from, Grid g, int axis, float limit) {
        int n = g.dim(axis);
        int row = g.nx();
        int stride = g.stride(axis);
        int across = axis == 1 ? g.nz() : g.ny();
        int acrossStride = axis == 1 ? g.stride(2) : g.stride(1);
        float[] square = squares(n, g.spacing(axis));
        float[] out = new float[from.length];
        Arrays.fill(out, FAR);
        Parallel.forEach(across, b -> {
            for (int p = 0; p < n; p++) {
                int source = b * acrossStride + p * stride;
                if (isFar(from, source, row)) {
                    continue;
                }
                for (int q = p; q < n && square[q - p] <= limit; q++) {
                    lower(out, b * acrossStride + q * stride, from, source, row, square[q - p]);
                }
                for (int q = p - 1; q >= 0 && square[p - q] <= limit; q--) {
                    lower(out, b * acrossStride + q * stride, from, source, row, square[p - q]);
                }
            }
        });
        return out;
    }

    private static boolean isFar(float[] from, int base, int n) {
        for (int i = base; i < base + n; i++) {
            if (from[i] != FAR) {
                return false;
            }
        }
        return true;
    }

    private static void lower(float[] out, int to, float[] from, int source, int n, float add) {
        for (int i = 0; i < n; i++) {
            out[to + i] = Math.min(out[to + i], from[source + i] + add);
        }
    }

    private static float[] squares(int n, double spacing) {
        float[] square = new float[n];
        for (int i = 0; i < n; i++) {
            square[i] = (float) (spacing * spacing * i * i);
        }
        return square;
    }
}
