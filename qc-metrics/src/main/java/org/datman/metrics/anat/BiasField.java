package org.datman.metrics.anat;

import org.datman.metrics.image.Coarse;
import org.datman.metrics.image.Grid;
import org.datman.metrics.mask.Mask;
import org.datman.metrics.stats.Robust;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;

/**
 * Smooth receive field inside a brain: a cubic polynomial in log intensity, fitted to the brighter half of what it leaves over
 * (white matter on T1) until it settles. Not N4, but it follows a linear or bowl-shaped field and needs milliseconds.
 */
final class BiasField {

    private static final double COARSE_MM = 4;
    private static final int ROUNDS = 8;
    private static final int TERMS = 20;

    /** Field at the brain's voxels of a coarse grid (median 1), and the corrected intensities there in multiples of {@code unit}. */
    record Result(double[] field, double[] corrected, double unit) {}

    private BiasField() {}

    /** Null when the brain is too small or flat for a fit. */
    static Result of(Grid grid, float[] image, Mask brain) {
        Coarse coarse = Coarse.of(grid, COARSE_MM);
        float[] small = coarse.shrink(image);
        float[] share = new float[image.length];
        for (int v = 0; v < share.length; v++) {
            share[v] = brain.in()[v] ? 1 : 0;
        }
        float[] inside = coarse.shrink(share);
        Grid g = coarse.grid();
        int n = 0;
        int[] voxels = new int[g.size()];
        for (int v = 0; v < inside.length; v++) {
            if (inside[v] > 0.95 && small[v] > 0) {
                voxels[n++] = v;
            }
        }
        if (n < 20 * TERMS) {
            return null;
        }
        double[][] terms = new double[n][];
        double[] log = new double[n];
        for (int i = 0; i < n; i++) {
            int v = voxels[i];
            terms[i] = terms(
                    2.0 * (v % g.nx()) / Math.max(1, g.nx() - 1) - 1,
                    2.0 * (v / g.nx() % g.ny()) / Math.max(1, g.ny() - 1) - 1,
                    2.0 * (v / (g.nx() * g.ny())) / Math.max(1, g.nz() - 1) - 1);
            log[i] = Math.log(small[v]);
        }
        // Around its median, so that neither fit nor rounding depends on the scanner's units.
        double middle = Robust.median(log);
        for (int i = 0; i < n; i++) {
            log[i] -= middle;
        }
        double[] fitted = fit(terms, log);
        return fitted == null ? null : result(fitted, log, Math.exp(middle));
    }

    private static double[] fit(double[][] terms, double[] log) {
        int n = log.length;
        double[] field = new double[n];
        double[] residual = new double[n];
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < n; i++) {
                residual[i] = log[i] - field[i];
            }
            double low = Robust.quantile(residual, 0.5);
            double high = Robust.quantile(residual, 0.98);
            // Plain arrays: this sum is most of the work, and the matrix class checks both indices of every entry.
            double[][] normal = new double[TERMS][TERMS];
            double[] right = new double[TERMS];
            for (int i = 0; i < n; i++) {
                if (residual[i] >= low && residual[i] <= high) {
                    double[] term = terms[i];
                    for (int a = 0; a < TERMS; a++) {
                        double[] row = normal[a];
                        double factor = term[a];
                        right[a] += factor * log[i];
                        for (int b = 0; b <= a; b++) {
                            row[b] += factor * term[b];
                        }
                    }
                }
            }
            for (int a = 0; a < TERMS; a++) {
                for (int b = 0; b < a; b++) {
                    normal[b][a] = normal[a][b];
                }
                normal[a][a] += 1e-6 * n;
            }
            try {
                double[] weights = new CholeskyDecomposition(new Array2DRowRealMatrix(normal, false))
                        .getSolver()
                        .solve(new ArrayRealVector(right, false))
                        .toArray();
                for (int i = 0; i < n; i++) {
                    double sum = 0;
                    for (int a = 0; a < TERMS; a++) {
                        sum += weights[a] * terms[i][a];
                    }
                    field[i] = sum;
                }
            } catch (MathRuntimeException e) {
                return null;
            }
        }
        return field;
    }

    private static Result result(double[] fitted, double[] log, double unit) {
        double middle = Robust.median(fitted);
        double[] field = new double[fitted.length];
        double[] corrected = new double[fitted.length];
        for (int i = 0; i < field.length; i++) {
            field[i] = Math.exp(fitted[i] - middle);
            corrected[i] = Math.exp(log[i]) / field[i];
        }
        return new Result(field, corrected, unit);
    }

    /** Monomials up to the third degree. */
    private static double[] terms(double x, double y, double z) {
        return new double[] {
            1, x, y, z, x * x, y * y, z * z, x * y, x * z, y * z, x * x * x, y * y * y, z * z * z, x * x * y, x * x * z,
            y * y * x, y * y * z, z * z * x, z * z * y, x * y * z
        };
    }
}
