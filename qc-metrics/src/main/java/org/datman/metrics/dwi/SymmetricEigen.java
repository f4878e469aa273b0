package org.datman.metrics.dwi;

/** Eigenvalues and the principal direction of a symmetric 3×3 matrix by Jacobi rotations, without allocation of matrices. */
final class SymmetricEigen {

    private SymmetricEigen() {}

    /**
     * @param values three eigenvalues, falling; overwritten
     * @param principal unit vector of the first; overwritten
     */
    static void solve(
            double xx, double yy, double zz, double xy, double xz, double yz, double[] values, double[] principal) {
        double[][] a = {{xx, xy, xz}, {xy, yy, yz}, {xz, yz, zz}};
        double[][] v = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
        for (int sweep = 0; sweep < 12; sweep++) {
            double off = a[0][1] * a[0][1] + a[0][2] * a[0][2] + a[1][2] * a[1][2];
            double size = a[0][0] * a[0][0] + a[1][1] * a[1][1] + a[2][2] * a[2][2];
            if (!(off > 1e-22 * size)) {
                break;
            }
            rotate(a, v, 0, 1);
            rotate(a, v, 0, 2);
            rotate(a, v, 1, 2);
        }
        int best = a[0][0] >= a[1][1] ? (a[0][0] >= a[2][2] ? 0 : 2) : a[1][1] >= a[2][2] ? 1 : 2;
        int p = (best + 1) % 3;
        int q = (best + 2) % 3;
        values[0] = a[best][best];
        values[1] = Math.max(a[p][p], a[q][q]);
        values[2] = Math.min(a[p][p], a[q][q]);
        for (int c = 0; c < 3; c++) {
            principal[c] = v[c][best];
        }
    }

    private static void rotate(double[][] a, double[][] v, int p, int q) {
        if (a[p][q] == 0) {
            return;
        }
        double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        double c = 1 / Math.sqrt(t * t + 1);
        double s = t * c;
        for (int k = 0; k < 3; k++) {
            double kp = a[k][p];
            double kq = a[k][q];
            a[k][p] = c * kp - s * kq;
            a[k][q] = s * kp + c * kq;
        }
        for (int k = 0; k < 3; k++) {
            double pk = a[p][k];
            double qk = a[q][k];
            a[p][k] = c * pk - s * qk;
            a[q][k] = s * pk + c * qk;
            double vp = v[k][p];
            double vq = v[k][q];
            v[k][p] = c * vp - s * vq;
            v[k][q] = s * vp + c * vq;
        }
    }
}
