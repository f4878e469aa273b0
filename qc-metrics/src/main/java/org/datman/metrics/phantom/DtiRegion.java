package org.datman.metrics.phantom;

import java.util.Arrays;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Series;
import org.datman.analysis.mask.Mask;
import org.jspecify.annotations.Nullable;

/**
 * The central circle of a DTI phantom in its three central slices: 30 of 128 voxels as Chavez 2017 has it, in proportion for other
 * matrices, and never beyond 0.7 of the sphere that was found.
 *
 * @param sphere the place of the phantom
 * @param slices the central ones
 * @param radiusMm of the circle
 * @param mask its voxels
 */
record DtiRegion(SpherePlace sphere, int[] slices, double radiusMm, Mask mask) {

    private static final double SHARE_OF_MATRIX = 30.0 / 128;
    private static final double REACH = 0.7;
    private static final double ROUND = 0.9;
    private static final int FEWEST = 50;

    DtiRegion {
        slices = slices.clone();
    }

    @Override
    public int[] slices() {
        return slices.clone();
    }

    /** The region, or null where there is no room for one. */
    static @Nullable DtiRegion of(Mask automask, int sliceAxis) {
        Grid g = automask.grid();
        SpherePlace sphere = SpherePlace.find(automask, sliceAxis);
        if (!Double.isFinite(sphere.u())) {
            return null;
        }
        int a = sphere.plane()[0];
        int b = sphere.plane()[1];
        double field = Math.min(g.dim(a) * g.spacing(a), g.dim(b) * g.spacing(b));
        double radius = Math.min(SHARE_OF_MATRIX * field, REACH * sphere.radiusMm());
        int[] slices = Arrays.stream(new int[] {sphere.slice() - 1, sphere.slice(), sphere.slice() + 1})
                .filter(s -> s >= 0 && s < g.dim(sliceAxis))
                .toArray();
        boolean[] in = new boolean[g.size()];
        for (int slice : slices) {
            for (int v = 0; v < g.dim(b); v++) {
                for (int u = 0; u < g.dim(a); u++) {
                    double away = Math.hypot((u - sphere.u()) * g.spacing(a), (v - sphere.v()) * g.spacing(b));
                    in[slice * g.stride(sliceAxis) + u * g.stride(a) + v * g.stride(b)] = away <= radius;
                }
            }
        }
        Mask mask = new Mask(g, in, "central_circle");
        return mask.count() < FEWEST ? null : new DtiRegion(sphere, slices, radius, mask);
    }

    /** Whether the mask fills its circle: nine tenths of the voxels within nine tenths of its radius. */
    static boolean round(Mask automask, int sliceAxis) {
        Grid g = automask.grid();
        SpherePlace sphere = SpherePlace.find(automask, sliceAxis);
        int inside = 0;
        int filled = 0;
        for (int v = 0; v < automask.in().length; v++) {
            if (SpherePlace.along(g, v, sliceAxis) != sphere.slice()) {
                continue;
            }
            double du = (SpherePlace.along(g, v, sphere.plane()[0]) - sphere.u()) * g.spacing(sphere.plane()[0]);
            double dv = (SpherePlace.along(g, v, sphere.plane()[1]) - sphere.v()) * g.spacing(sphere.plane()[1]);
            if (Math.hypot(du, dv) < ROUND * sphere.radiusMm()) {
                inside++;
                filled += automask.in()[v] ? 1 : 0;
            }
        }
        return inside > 0 && filled > ROUND * inside;
    }

    /** Mean over the region of every volume. */
    double[] means(Series series) {
        int[] indices = mask.indices();
        double[] out = new double[series.volumes()];
        org.datman.analysis.image.Parallel.forEach(out.length, t -> {
            float[] x = series.volume(t).data();
            double sum = 0;
            for (int v : indices) {
                sum += x[v];
            }
            out[t] = sum / indices.length;
        });
        return out;
    }
}
