package org.datman.analysis.mask;

import org.datman.analysis.image.Grid;

/**
 * A set of voxels of a grid.
 *
 * @param grid where the voxels are
 * @param in true for voxels of the set; shared, not copied
 * @param id short name that goes into metrics.json, e.g. {@code automask_e1}
 */
public record Mask(Grid grid, boolean[] in, String id) {

    public Mask {
        if (in.length != grid.size()) {
            throw new IllegalArgumentException("a mask of " + in.length + " voxels on a grid of " + grid.size());
        }
    }

    /** Number of voxels in the set. */
    public int count() {
        int n = 0;
        for (boolean b : in) {
            n += b ? 1 : 0;
        }
        return n;
    }

    /** Linear indices of the set's voxels, rising. */
    public int[] indices() {
        int[] indices = new int[count()];
        int at = 0;
        for (int v = 0; v < in.length; v++) {
            if (in[v]) {
                indices[at++] = v;
            }
        }
        return indices;
    }

    /** The set's values of an image, in index order. */
    public float[] values(float[] image) {
        float[] values = new float[count()];
        int at = 0;
        for (int v = 0; v < in.length; v++) {
            if (in[v]) {
                values[at++] = image[v];
            }
        }
        return values;
    }

    public Mask named(String name) {
        return new Mask(grid, in, name);
    }

    public Mask not(String name) {
        boolean[] out = new boolean[in.length];
        for (int v = 0; v < in.length; v++) {
            out[v] = !in[v];
        }
        return new Mask(grid, out, name);
    }

    public Mask and(Mask other, String name) {
        boolean[] out = new boolean[in.length];
        for (int v = 0; v < in.length; v++) {
            out[v] = in[v] && other.in[v];
        }
        return new Mask(grid, out, name);
    }

    public Mask andNot(Mask other, String name) {
        boolean[] out = new boolean[in.length];
        for (int v = 0; v < in.length; v++) {
            out[v] = in[v] && !other.in[v];
        }
        return new Mask(grid, out, name);
    }

    /** The set moved cyclically by {@code shift} voxels along a file axis: the place of its N/2 ghost. */
    public Mask rolled(int axis, int shift, String name) {
        boolean[] out = new boolean[in.length];
        int n = grid.dim(axis);
        int stride = grid.stride(axis);
        for (int v = 0; v < in.length; v++) {
            int at = v / stride % n;
            int to = Math.floorMod(at + shift, n);
            out[v + (to - at) * stride] = in[v];
        }
        return new Mask(grid, out, name);
    }

    /** Voxels above a threshold. */
    public static Mask above(Grid grid, float[] image, double threshold, String name) {
        boolean[] out = new boolean[image.length];
        for (int v = 0; v < image.length; v++) {
            out[v] = image[v] > threshold;
        }
        return new Mask(grid, out, name);
    }

    /** First and last index of the mask along a file axis; {0, 0} when it is empty. */
    public int[] range(int axis) {
        int stride = grid.stride(axis);
        int n = grid.dim(axis);
        int first = n;
        int last = -1;
        for (int v = 0; v < in.length; v++) {
            if (in[v]) {
                int i = v / stride % n;
                first = Math.min(first, i);
                last = Math.max(last, i);
            }
        }
        return last < 0 ? new int[] {0, 0} : new int[] {first, last};
    }
}
