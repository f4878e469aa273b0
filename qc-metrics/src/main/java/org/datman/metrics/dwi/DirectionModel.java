package org.datman.metrics.dwi;

import java.util.Arrays;
import org.datman.analysis.stats.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Model of a quantity of one shell by direction: a quadratic form in the gradient direction (a constant and spherical harmonics
 * of order 2), fitted robustly against a few damaged volumes. In anatomy with strong fibre bundles the change
 * with direction is several times the noise; its removal makes small losses visible.
 */
final class DirectionModel {

    /** Six parameters are only fitted to at least so many volumes; below, the median is the model. */
    static final int LEAST_VOLUMES = 20;

    private static final int TERMS = 6;
    private static final double TUKEY = 4.685;

    private final double @Nullable [][] design;

    private DirectionModel(double @Nullable [][] design) {
        this.design = design;
    }

    /** @param bvecs one unit vector per volume of the shell; otherwise only the median is used */
    static DirectionModel of(double[][] bvecs) {
        double[][] design = new double[bvecs.length][];
        for (int v = 0; v < bvecs.length; v++) {
            double x = bvecs[v][0];
            double y = bvecs[v][1];
            double z = bvecs[v][2];
            double norm = x * x + y * y + z * z;
            if (!(Math.abs(norm - 1) < 0.1)) {
                return new DirectionModel(null);
            }
            design[v] = new double[] {1, x * y, x * z, y * z, x * x - y * y, 3 * z * z - 1};
        }
        return new DirectionModel(design.length >= LEAST_VOLUMES ? design : null);
    }

    /** Always the median. */
    static DirectionModel constant() {
        return new DirectionModel(null);
    }

    /** True where directions are modelled, false where only the median is. */
    boolean fits() {
        return design != null;
    }

    /** Residuals of {@code y} from the model, in the order of the volumes; all NaN when one of them is. */
    double[] residuals(double[] y) {
        double[] residual = new double[y.length];
        double centre = Statistics.median(y);
        for (int v = 0; v < y.length; v++) {
            residual[v] = y[v] - centre;
        }
        double[][] terms = design;
        if (terms == null || !Double.isFinite(Arrays.stream(y).sum())) {
            return residual;
        }
        double[] weight = new double[y.length];
        for (int step = 0; step < 16; step++) {
            double scale = Math.max(Statistics.MAD_TO_SD * medianSize(residual), 1e-9);
            for (int v = 0; v < y.length; v++) {
                double u = Math.abs(residual[v]) / scale;
                double inside = 1 - u * u / (TUKEY * TUKEY);
                // First least absolute deviations, which bad volumes cannot pull; then Tukey's biweight, which ignores
                // them.
                weight[v] = step < 8 ? 1 / Math.max(u, 0.05) : inside > 0 ? inside * inside : 0;
            }
            double[] beta = solve(terms, weight, y);
            if (beta == null) {
                return residual;
            }
            for (int v = 0; v < y.length; v++) {
                double fit = 0;
                for (int c = 0; c < TERMS; c++) {
                    fit += beta[c] * terms[v][c];
                }
                residual[v] = y[v] - fit;
            }
        }
        // Six fitted parameters make residuals smaller than the deviations that they estimate.
        double inflate = Math.sqrt((double) y.length / (y.length - TERMS));
        for (int v = 0; v < y.length; v++) {
            residual[v] *= weight[v] > 0.5 ? inflate : 1;
        }
        return residual;
    }

    private static double medianSize(double[] x) {
        double[] size = new double[x.length];
        for (int v = 0; v < x.length; v++) {
            size[v] = Math.abs(x[v]);
        }
        return Statistics.medianInPlace(size, size.length);
    }

    /** Weighted least squares by Cholesky; null when the directions do not determine the six terms. */
    private static double @Nullable [] solve(double[][] terms, double[] w, double[] y) {
        double[][] a = new double[TERMS][TERMS];
        double[] b = new double[TERMS];
        for (int v = 0; v < y.length; v++) {
            for (int r = 0; r < TERMS; r++) {
                b[r] += w[v] * terms[v][r] * y[v];
                for (int c = 0; c <= r; c++) {
                    a[r][c] += w[v] * terms[v][r] * terms[v][c];
                }
            }
        }
        return SmallCholesky.solve(a, b);
    }
}
