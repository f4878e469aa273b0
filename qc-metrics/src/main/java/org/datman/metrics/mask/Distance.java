package org.datman.metrics.mask;

import org.datman.metrics.image.Grid;
import org.datman.metrics.image.Parallel;

/** Exact Euclidean distance in millimetres: lower envelope of parabolas, axis by axis (Felzenszwalb and Huttenlocher 2012). */
public final class Distance {

    private static final float FAR = 1e20f;

    private Distance() {}

    /** Squared distance in mm^2 from each voxel to the nearest voxel of the set (0 inside it); huge for an empty set. */
    public static float[] squaredTo(Mask mask) {
        Grid g = mask.grid();
        float[] d = new float[g.size()];
        for (int v = 0; v < d.length; v++) {
            d[v] = mask.in()[v] ? 0 : FAR;
        }
        for (int axis = 0; axis < 3; axis++) {
            sweep(d, g, axis);
        }
        return d;
    }

    private static void sweep(float[] d, Grid g, int axis) {
        int n = g.dim(axis);
        int stride = g.stride(axis);
        int u = axis == 0 ? 1 : 0;
        int w = axis == 2 ? 1 : 2;
        double h2 = g.spacing(axis) * g.spacing(axis);
        Parallel.forEach(g.dim(w), b -> {
            float[] f = new float[n];
            int[] vertex = new int[n];
            double[] from = new double[n + 1];
            for (int a = 0; a < g.dim(u); a++) {
                int base = a * g.stride(u) + b * g.stride(w);
                boolean anyAway = false;
                boolean anyNear = false;
                for (int i = 0; i < n; i++) {
                    float value = d[base + i * stride];
                    f[i] = value;
                    anyAway |= value > 0;
                    anyNear |= value < FAR;
                }
                if (!anyAway || !anyNear) {
                    // All in the set, or nothing seen of it yet: the line stays as it is.
                    continue;
                }
                line(f, n, h2, vertex, from, d, base, stride);
            }
        });
    }

    private static void line(
            float[] f, int n, double h2, int[] vertex, double[] from, float[] out, int base, int stride) {
        int k = -1;
        for (int q = 0; q < n; q++) {
            if (f[q] >= FAR) {
                continue;
            }
            double start = Double.NEGATIVE_INFINITY;
            while (k >= 0) {
                int p = vertex[k];
                start = ((f[q] + h2 * q * q) - (f[p] + h2 * p * p)) / (2 * h2 * (q - p));
                if (start > from[k]) {
                    break;
                }
                k--;
                start = Double.NEGATIVE_INFINITY;
            }
            k++;
            vertex[k] = q;
            from[k] = start;
        }
        if (k < 0) {
            return;
        }
        int at = 0;
        for (int q = 0; q < n; q++) {
            while (at < k && from[at + 1] < q) {
                at++;
            }
            double gap = q - vertex[at];
            out[base + q * stride] = (float) (h2 * gap * gap + f[vertex[at]]);
        }
    }
}
