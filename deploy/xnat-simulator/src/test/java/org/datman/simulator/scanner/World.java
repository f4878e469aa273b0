package org.datman.simulator.scanner;

import org.datman.imaging.nifti.NiftiHeader;
import org.datman.synthetic.Grid;

/** Compares a converted image with the synthetic truth at the same place of the world, whatever the order of the voxels. */
final class World {
    private World() {}

    /** Largest difference between a converted volume and the truth at the voxels' places; NaN when a voxel lies off the truth's grid. */
    static double largestDifference(NiftiHeader header, float[] converted, Grid grid, float[] truth) {
        double[] toVoxel = inverse(grid.affine());
        double[][] m = header.affine();
        double largest = 0;
        for (int k = 0; k < header.nz(); k++) {
            for (int j = 0; j < header.ny(); j++) {
                for (int i = 0; i < header.nx(); i++) {
                    double[] w = new double[3];
                    for (int a = 0; a < 3; a++) {
                        w[a] = m[a][0] * i + m[a][1] * j + m[a][2] * k + m[a][3];
                    }
                    int[] v = new int[3];
                    for (int a = 0; a < 3; a++) {
                        double at = toVoxel[4 * a] * w[0]
                                + toVoxel[4 * a + 1] * w[1]
                                + toVoxel[4 * a + 2] * w[2]
                                + toVoxel[4 * a + 3];
                        v[a] = (int) Math.round(at);
                        if (Math.abs(at - v[a]) > 0.01) {
                            return Double.NaN;
                        }
                    }
                    if (v[0] < 0
                            || v[1] < 0
                            || v[2] < 0
                            || v[0] >= grid.nx()
                            || v[1] >= grid.ny()
                            || v[2] >= grid.nz()) {
                        return Double.NaN;
                    }
                    double difference =
                            converted[i + header.nx() * (j + header.ny() * k)] - truth[grid.index(v[0], v[1], v[2])];
                    largest = Math.max(largest, Math.abs(difference));
                }
            }
        }
        return largest;
    }

    /** Inverse of a rigid-with-spacing 4x4 (row-major): columns are orthogonal. */
    private static double[] inverse(double[] m) {
        double[] out = new double[16];
        for (int c = 0; c < 3; c++) {
            double n = m[c] * m[c] + m[4 + c] * m[4 + c] + m[8 + c] * m[8 + c];
            for (int a = 0; a < 3; a++) {
                out[4 * c + a] = m[4 * a + c] / n;
                out[4 * c + 3] -= out[4 * c + a] * m[4 * a + 3];
            }
        }
        return out;
    }

    /** An FSL gradient as a direction in R, A, S. FSL flips the first component of right-handed images. */
    static double[] gradient(NiftiHeader header, double x, double y, double z) {
        double[][] m = header.affine();
        double det = m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
                - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
                + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
        double[] g = {det > 0 ? -x : x, y, z};
        double[] ras = new double[3];
        for (int a = 0; a < 3; a++) {
            for (int c = 0; c < 3; c++) {
                ras[a] += m[a][c] * g[c] / header.voxelSizeMm(c);
            }
        }
        return ras;
    }
}
