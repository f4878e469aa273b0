package org.datman.analysis.image;

import java.util.Arrays;

/**
 * A voxel grid and its orientation in the patient. Linear index = i + nx * (j + ny * k), i fastest, as in the file.
 *
 * @param nx voxels along i
 * @param ny voxels along j
 * @param nz voxels along k
 * @param dx voxel size along i in mm
 * @param dy voxel size along j in mm
 * @param dz voxel size along k in mm
 * @param affine 3x4 row-major, voxel indices to patient RAS in mm
 * @param oriented false when the file does not state the grid's orientation: then left, front and up are not known
 */
public record Grid(int nx, int ny, int nz, double dx, double dy, double dz, double[] affine, boolean oriented) {

    /** A grid whose place in the patient is known. */
    public Grid(int nx, int ny, int nz, double dx, double dy, double dz, double[] affine) {
        this(nx, ny, nz, dx, dy, dz, affine, true);
    }

    public Grid {
        if (nx < 1 || ny < 1 || nz < 1) {
            throw new IllegalArgumentException("a grid needs at least one voxel per axis: " + nx + "x" + ny + "x" + nz);
        }
        if (!(dx > 0 && dy > 0 && dz > 0)) {
            throw new IllegalArgumentException("voxel sizes must be positive: " + dx + ", " + dy + ", " + dz);
        }
        affine = affine.clone();
    }

    /** An axis-aligned grid whose axes point to patient right, anterior and superior, centred on the origin. */
    public static Grid ras(int nx, int ny, int nz, double dx, double dy, double dz) {
        double[] a = {
            dx, 0, 0, -dx * (nx - 1) / 2, 0, dy, 0, -dy * (ny - 1) / 2, 0, 0, dz, -dz * (nz - 1) / 2,
        };
        return new Grid(nx, ny, nz, dx, dy, dz, a);
    }

    @Override
    public double[] affine() {
        return affine.clone();
    }

    /** Number of voxels. */
    public int size() {
        return Math.multiplyExact(Math.multiplyExact(nx, ny), nz);
    }

    public int index(int i, int j, int k) {
        return i + nx * (j + ny * k);
    }

    /** Voxels along file axis 0, 1 or 2. */
    public int dim(int axis) {
        return axis == 0 ? nx : axis == 1 ? ny : nz;
    }

    /** Voxel size in mm along file axis 0, 1 or 2. */
    public double spacing(int axis) {
        return axis == 0 ? dx : axis == 1 ? dy : dz;
    }

    /** Step in the linear index along file axis 0, 1 or 2. */
    public int stride(int axis) {
        return axis == 0 ? 1 : axis == 1 ? nx : nx * ny;
    }

    /** Volume of a voxel in mm^3. */
    public double voxelVolume() {
        return dx * dy * dz;
    }

    /**
     * Rotation (perhaps with a reflection) that takes millimetres along the file axes to millimetres along patient R, A, S;
     * 3x3 row-major, columns are unit vectors of i, j, k.
     */
    public double[] directions() {
        double[] d = new double[9];
        for (int c = 0; c < 3; c++) {
            double norm =
                    Math.sqrt(affine[c] * affine[c] + affine[4 + c] * affine[4 + c] + affine[8 + c] * affine[8 + c]);
            for (int r = 0; r < 3; r++) {
                d[3 * r + c] = norm > 0 ? affine[4 * r + c] / norm : (r == c ? 1 : 0);
            }
        }
        return d;
    }

    /** Which patient axis each file axis follows most closely, each used once. */
    public AxisMap axes() {
        return AxisMap.of(directions());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Grid g
                && nx == g.nx
                && ny == g.ny
                && nz == g.nz
                && Double.compare(dx, g.dx) == 0
                && Double.compare(dy, g.dy) == 0
                && Double.compare(dz, g.dz) == 0
                && oriented == g.oriented
                && Arrays.equals(affine, g.affine);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(new int[] {nx, ny, nz, Arrays.hashCode(affine)});
    }
}
