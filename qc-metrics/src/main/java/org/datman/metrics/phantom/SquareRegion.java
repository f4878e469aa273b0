package org.datman.metrics.phantom;

import org.datman.analysis.image.Grid;
import org.jspecify.annotations.Nullable;

/**
 * A square of voxels about the centre of a sphere in its central slice.
 *
 * @param width voxels per side
 * @param indices linear indices, row by row
 */
record SquareRegion(int width, int[] indices) {

    /** 15 voxels of a matrix of 64, as fBIRN has it; in proportion for other matrices. */
    private static final double SHARE_OF_MATRIX = 15.0 / 64;
    /** How much of the radius the corners may reach: beyond it, partial volume and B1 at the edge are measured. */
    private static final double REACH = 0.85;

    SquareRegion {
        indices = indices.clone();
    }

    @Override
    public int[] indices() {
        return indices.clone();
    }

    /** The region, or null where fewer than three voxels per side fit into sphere and field of view. */
    static @Nullable SquareRegion of(Grid g, SpherePlace sphere) {
        int a = sphere.plane()[0];
        int b = sphere.plane()[1];
        if (!Double.isFinite(sphere.u())) {
            return null;
        }
        int wanted = (int) Math.round(SHARE_OF_MATRIX * Math.min(g.dim(a), g.dim(b)));
        double diagonal = Math.hypot(g.spacing(a), g.spacing(b));
        int width = Math.min(wanted, (int) Math.floor(2 * REACH * sphere.radiusMm() / diagonal));
        for (; width >= 3; width--) {
            int fromU = (int) Math.round(sphere.u() - (width - 1) / 2.0);
            int fromV = (int) Math.round(sphere.v() - (width - 1) / 2.0);
            if (fromU >= 0 && fromV >= 0 && fromU + width <= g.dim(a) && fromV + width <= g.dim(b)) {
                return at(g, sphere, width, fromU, fromV);
            }
        }
        return null;
    }

    private static SquareRegion at(Grid g, SpherePlace sphere, int width, int fromU, int fromV) {
        int a = sphere.plane()[0];
        int b = sphere.plane()[1];
        int base = sphere.slice() * g.stride(3 - a - b);
        int[] indices = new int[width * width];
        for (int y = 0; y < width; y++) {
            for (int x = 0; x < width; x++) {
                indices[y * width + x] = base + (fromU + x) * g.stride(a) + (fromV + y) * g.stride(b);
            }
        }
        return new SquareRegion(width, indices);
    }
}
