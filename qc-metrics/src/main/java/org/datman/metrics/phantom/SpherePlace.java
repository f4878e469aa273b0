package org.datman.metrics.phantom;

import org.datman.analysis.image.Grid;
import org.datman.analysis.mask.Mask;

/**
 * Position of a sphere, from the moments of its mask: matrix and position are not assumed.
 *
 * @param slice slice through its centre, 0-based
 * @param u centre along the first in-plane file axis in that slice, voxels, fractional
 * @param v centre along the second in-plane file axis, voxels, fractional
 * @param radiusMm from the area of that slice
 * @param plane the two in-plane file axes, rising
 */
record SpherePlace(int slice, double u, double v, double radiusMm, int[] plane) {

    SpherePlace {
        plane = plane.clone();
    }

    @Override
    public int[] plane() {
        return plane.clone();
    }

    /** Finds the sphere; the mask must not be empty. */
    static SpherePlace find(Mask mask, int sliceAxis) {
        Grid g = mask.grid();
        int[] plane = {sliceAxis == 0 ? 1 : 0, sliceAxis == 2 ? 1 : 2};
        int slice = equator(mask, sliceAxis, plane);
        double u = 0;
        double v = 0;
        int n = 0;
        for (int index : mask.indices()) {
            if (along(g, index, sliceAxis) == slice) {
                u += along(g, index, plane[0]);
                v += along(g, index, plane[1]);
                n++;
            }
        }
        // The centre of mass of something hollow may fall into a slice without it; then there is no place for a region
        // either.
        double area = n * g.spacing(plane[0]) * g.spacing(plane[1]);
        return new SpherePlace(slice, u / n, v / n, Math.sqrt(area / Math.PI), plane);
    }

    /**
     * The slice nearest to the centre. A slice at z has the area pi (r^2 - (z - z0)^2), so area / pi + z^2 is a line in z whose slope is
     * 2 z0: right also where the field of view cuts a cap off. For a cylinder the result is the middle.
     */
    private static int equator(Mask mask, int sliceAxis, int[] plane) {
        Grid g = mask.grid();
        int[] voxels = new int[g.dim(sliceAxis)];
        for (int index : mask.indices()) {
            voxels[along(g, index, sliceAxis)]++;
        }
        double pixel = g.spacing(plane[0]) * g.spacing(plane[1]);
        double n = 0;
        double meanZ = 0;
        double meanY = 0;
        for (int k = 0; k < voxels.length; k++) {
            if (voxels[k] > 0) {
                n++;
                meanZ += z(g, sliceAxis, k);
                meanY += line(g, sliceAxis, k, voxels[k] * pixel);
            }
        }
        meanZ /= n;
        meanY /= n;
        double zz = 0;
        double zy = 0;
        int largest = 0;
        for (int k = 0; k < voxels.length; k++) {
            largest = voxels[k] > voxels[largest] ? k : largest;
            if (voxels[k] > 0) {
                double dz = z(g, sliceAxis, k) - meanZ;
                zz += dz * dz;
                zy += dz * (line(g, sliceAxis, k, voxels[k] * pixel) - meanY);
            }
        }
        int slice = zz > 0 ? (int) Math.round(zy / zz / 2 / g.spacing(sliceAxis)) : largest;
        // What is not a sphere may have its vertex anywhere; then its largest slice is the place to measure.
        return slice >= 0 && slice < voxels.length && voxels[slice] > voxels[largest] / 2 ? slice : largest;
    }

    private static double z(Grid g, int axis, int slice) {
        return slice * g.spacing(axis);
    }

    private static double line(Grid g, int axis, int slice, double area) {
        return area / Math.PI + z(g, axis, slice) * z(g, axis, slice);
    }

    static int along(Grid g, int index, int axis) {
        return index / g.stride(axis) % g.dim(axis);
    }
}
