package org.datman.metrics.dwi;

import org.jspecify.annotations.Nullable;

/** Solves small symmetric positive definite systems without allocating matrices: called once per voxel. */
final class SmallCholesky {

    private SmallCholesky() {}

    /** Solves a x = b in place; the lower triangle of {@code a} is read and overwritten. Null when a is not positive definite. */
    static double @Nullable [] solve(double[][] a, double[] b) {
        int n = b.length;
        for (int r = 0; r < n; r++) {
            for (int c = 0; c <= r; c++) {
                double sum = a[r][c];
                for (int k = 0; k < c; k++) {
                    sum -= a[r][k] * a[c][k];
                }
                if (r == c) {
                    if (!(sum > 1e-12)) {
                        return null;
                    }
                    a[r][r] = Math.sqrt(sum);
                } else {
                    a[r][c] = sum / a[c][c];
                }
            }
        }
        for (int r = 0; r < n; r++) {
            double sum = b[r];
            for (int k = 0; k < r; k++) {
                sum -= a[r][k] * b[k];
            }
            b[r] = sum / a[r][r];
        }
        for (int r = n - 1; r >= 0; r--) {
            double sum = b[r];
            for (int k = r + 1; k < n; k++) {
                sum -= a[k][r] * b[k];
            }
            b[r] = sum / a[r][r];
        }
        return b;
    }
}
