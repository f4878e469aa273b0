package org.datman.analysis.timeseries;

/** Orthonormal polynomials on equally spaced points, for detrending. */
public final class Polynomials {

    private Polynomials() {}

    /** [degree][point], degrees 0 to {@code degree}, by Gram-Schmidt on powers of a centred abscissa. */
    public static double[][] orthonormal(int n, int degree) {
        double[][] basis = new double[Math.min(degree, n - 1) + 1][n];
        for (int d = 0; d < basis.length; d++) {
            for (int t = 0; t < n; t++) {
                double x = n == 1 ? 0 : 2.0 * t / (n - 1) - 1;
                basis[d][t] = d == 0 ? 1 : basis[d - 1][t] * x;
            }
            for (int e = 0; e < d; e++) {
                double dot = 0;
                for (int t = 0; t < n; t++) {
                    dot += basis[d][t] * basis[e][t];
                }
                for (int t = 0; t < n; t++) {
                    basis[d][t] -= dot * basis[e][t];
                }
            }
            double norm = 0;
            for (double v : basis[d]) {
                norm += v * v;
            }
            for (int t = 0; t < n; t++) {
                basis[d][t] /= Math.sqrt(norm);
            }
        }
        return basis;
    }

    /** Residual of {@code x} after projection on the basis, into {@code out}. */
    public static void residual(float[] x, double[][] basis, double[] out) {
        int n = out.length;
        for (int t = 0; t < n; t++) {
            out[t] = x[t];
        }
        for (double[] b : basis) {
            double dot = 0;
            for (int t = 0; t < n; t++) {
                dot += x[t] * b[t];
            }
            for (int t = 0; t < n; t++) {
                out[t] -= dot * b[t];
            }
        }
    }
}
