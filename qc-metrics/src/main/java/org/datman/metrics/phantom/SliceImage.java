package org.datman.metrics.phantom;

import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Volume;

/**
 * One slice.
 *
 * @param data u fastest
 * @param nu voxels along the first in-plane file axis
 * @param nv voxels along the second
 * @param du voxel size in mm along u
 * @param dv voxel size in mm along v
 */
record SliceImage(float[] data, int nu, int nv, double du, double dv) {

    static SliceImage of(Volume volume, int sliceAxis, int slice) {
        int a = sliceAxis == 0 ? 1 : 0;
        int b = sliceAxis == 2 ? 1 : 2;
        Grid g = volume.grid();
        int nu = g.dim(a);
        int nv = g.dim(b);
        float[] data = new float[nu * nv];
        int base = slice * g.stride(sliceAxis);
        for (int v = 0; v < nv; v++) {
            for (int u = 0; u < nu; u++) {
                data[v * nu + u] = volume.data()[base + u * g.stride(a) + v * g.stride(b)];
            }
        }
        return new SliceImage(data, nu, nv, g.spacing(a), g.spacing(b));
    }

    float at(int u, int v) {
        return data[v * nu + u];
    }

    boolean inside(int u, int v) {
        return u >= 0 && v >= 0 && u < nu && v < nv;
    }

    /** The value between voxels, linear; at the edge the nearest. */
    double between(double u, double v) {
        double a = Math.max(0, Math.min(nu - 1.0, u));
        double b = Math.max(0, Math.min(nv - 1.0, v));
        int i = (int) Math.min(nu - 2.0, a);
        int j = (int) Math.min(nv - 2.0, b);
        double x = a - i;
        double y = b - j;
        return (1 - y) * ((1 - x) * at(i, j) + x * at(i + 1, j)) + y * ((1 - x) * at(i, j + 1) + x * at(i + 1, j + 1));
    }

    /** u and v exchanged. */
    SliceImage turned() {
        float[] out = new float[data.length];
        for (int v = 0; v < nv; v++) {
            for (int u = 0; u < nu; u++) {
                out[u * nv + v] = at(u, v);
            }
        }
        return new SliceImage(out, nv, nu, dv, du);
    }
}
