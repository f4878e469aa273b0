package org.datman.synthetic;

/**
 * A voxel grid, centred: voxel ((nx-1)/2, (ny-1)/2, (nz-1)/2) lies at {@code pose}'s translation. Without a pose the axes i, j, k
 * point to the patient's right, anterior and superior.
 *
 * @param nx voxels along i
 * @param ny voxels along j
 * @param nz voxels (slices) along k
 * @param dx spacing along i, mm
 * @param dy spacing along j, mm
 * @param dz spacing along k, mm
 * @param pose how the grid is turned and shifted from the centred axial one
 */
public record Grid(int nx, int ny, int nz, double dx, double dy, double dz, Rigid pose) {

    public Grid {
        if (nx < 1 || ny < 1 || nz < 1 || !(dx > 0) || !(dy > 0) || !(dz > 0)) {
            throw new IllegalArgumentException("a grid needs at least one voxel and a spacing above 0 mm on each axis: "
                    + nx + "x" + ny + "x" + nz + " at " + dx + "x" + dy + "x" + dz + " mm");
        }
    }

    /** An axial grid around the isocentre. */
    public static Grid axial(int nx, int ny, int nz, double dx, double dy, double dz) {
        return new Grid(nx, ny, nz, dx, dy, dz, Rigid.NONE);
    }

    /** The same voxels, turned and shifted (oblique prescription). */
    public Grid posed(Rigid prescription) {
        return new Grid(nx, ny, nz, dx, dy, dz, prescription);
    }

    /** Number of voxels of one volume. */
    public int voxels() {
        return Math.multiplyExact(Math.multiplyExact(nx, ny), nz);
    }

    /** Number of voxels of one slice. */
    public int sliceVoxels() {
        return nx * ny;
    }

    /** Position of voxel (i, j, k) in the array of a volume. */
    public int index(int i, int j, int k) {
        return i + nx * (j + ny * k);
    }

    /** Voxel index to RAS mm, row-major 4×4. */
    public double[] affine() {
        double[] r = pose.rotation();
        double[] d = {dx, dy, dz};
        double[] c = {(nx - 1) / 2.0, (ny - 1) / 2.0, (nz - 1) / 2.0};
        double[] t = {pose.tx(), pose.ty(), pose.tz()};
        double[] m = new double[16];
        for (int row = 0; row < 3; row++) {
            double origin = t[row];
            for (int col = 0; col < 3; col++) {
                m[4 * row + col] = r[3 * row + col] * d[col];
                origin -= m[4 * row + col] * c[col];
            }
            m[4 * row + 3] = origin;
        }
        m[15] = 1;
        return m;
    }

    /** Smallest of the spacings that matter to an edge: the mean of the in-plane and slice spacing, mm. */
    double edgeMm() {
        return (dx + dy + dz) / 3;
    }
}
