package org.datman.metrics.anat;

import java.util.Arrays;
import org.datman.metrics.image.Coarse;
import org.datman.metrics.image.Grid;
import org.datman.metrics.mask.Mask;
import org.datman.metrics.stats.Robust;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;

/**
 * Smooth receive field inside a brain: a cubic polynomial in log intensity, fitted to the brightest third of what it leaves over
 * (white matter on T1) until it settles. Not N4, but it follows a linear or bowl-shaped field and needs milliseconds.
 */
final class BiasField {

    private static final double COARSE_MM = 4;
    private static final int ROUNDS = 8;
    private static final int TERMS = 20;
    private static final double INSIDE = 0.95;
    /** White matter is two fifths of a brain; grey among what is fitted would pass for a field. */
    private static final double BRIGHT = 0.65;

    /**
     * A fitted field.
     *
     * @param field at the brain's voxels of the coarse grid, median 1
     * @param unit intensity that the corrected ones are multiples of
     * @param weights of the polynomial's terms, constant so that the field's median is 1
     * @param grid the coarse grid, whose extent is the polynomial's -1 to 1
     */
    record Result(double[] field, double unit, double[] weights, Grid grid) {

        /** Intensity over field, in multiples of {@code unit}, at the brain's voxels of blocks of {@code mm}. */
        double[] corrected(Grid fine, float[] image, Mask brain, double mm) {
            Coarse blocks = Coarse.of(fine, mm);
            float[] small = blocks.shrink(image);
            float[] inside = blocks.shrink(share(brain));
            Grid g = blocks.grid();
            double[] out = new double[g.size()];
            int n = 0;
            for (int v = 0; v < inside.length; v++) {
                if (inside[v] > INSIDE && small[v] > 0) {
                    double[] terms = terms(
                            at(v % g.nx(), g.dx() / grid.dx(), grid.nx()),
                            at(v / g.nx() % g.ny(), g.dy() / grid.dy(), grid.ny()),
                            at(v / (g.nx() * g.ny()), g.dz() / grid.dz(), grid.nz()));
                    out[n++] = small[v] / unit / Math.exp(dot(weights, terms));
                }
            }
            return Arrays.copyOf(out, n);
        }

        /** From an index of these blocks to the fit's coordinate. */
        private static double at(int index, double ratio, int n) {
            return coordinate((index + 0.5) * ratio - 0.5, n);
        }
    }

    private BiasField() {}

    /** Null when the brain is too small or flat for a fit. */
    static Result of(Grid grid, float[] image, Mask brain) {
        Coarse coarse = Coarse.of(grid, COARSE_MM);
        float[] small = coarse.shrink(image);
        float[] inside = coarse.shrink(share(brain));
        Grid g = coarse.grid();
        int n = 0;
        int[] voxels = new int[g.size()];
        for (int v = 0; v < inside.length; v++) {
            if (inside[v] > INSIDE && small[v] > 0) {
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
                    coordinate(v % g.nx(), g.nx()),
                    coordinate(v / g.nx() % g.ny(), g.ny()),
                    coordinate(v / (g.nx() * g.ny()), g.nz()));
            log[i] = Math.log(small[v]);
        }
        // Around its median, so that neither fit nor rounding depends on the scanner's units.
        double middle = Robust.median(log);
        for (int i = 0; i < n; i++) {
            log[i] -= middle;
        }
        double[] weights = fit(terms, log);
        return weights == null ? null : result(weights, terms, Math.exp(middle), g);
    }

    private static float[] share(Mask brain) {
        float[] share = new float[brain.in().length];
        for (int v = 0; v < share.length; v++) {
            share[v] = brain.in()[v] ? 1 : 0;
        }
        return share;
    }

    private static double coordinate(double index, int n) {
        return 2 * index / Math.max(1, n - 1) - 1;
    }

    private static double dot(double[] weights, double[] terms) {
        double sum = 0;
        for (int a = 0; a < TERMS; a++) {
            sum += weights[a] * terms[a];
        }
        return sum;
    }

    private static double[] fit(double[][] terms, double[] log) {
        int n = log.length;
        double[] field = new double[n];
        double[] residual = new double[n];
        double[] weights = new double[TERMS];
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < n; i++) {
                residual[i] = log[i] - field[i];
            }
            double low = Robust.quantile(residual, BRIGHT);
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
                weights = new CholeskyDecomposition(new Array2DRowRealMatrix(normal, false))
                        .getSolver()
                        .solve(new ArrayRealVector(right, false))
                        .toArray();
                for (int i = 0; i < n; i++) {
                    field[i] = dot(weights, terms[i]);
                }
            } catch (MathRuntimeException e) {
                return null;
            }
        }
        return weights;
    }

    private static Result result(double[] weights, double[][] terms, double unit, Grid grid) {
        double[] field = Arrays.stream(terms).mapToDouble(t -> dot(weights, t)).toArray();
        double middle = Robust.median(field);
        Arrays.setAll(field, i -> Math.exp(field[i] - middle));
        double[] centred = weights.clone();
        centred[0] -= middle;
        return new Result(field, unit, centred, grid);
    }

    /** Monomials up to the third degree. */
    private static double[] terms(double x, double y, double z) {
        return new double[] {
            1, x, y, z, x * x, y * y, z * z, x * y, x * z, y * z, x * x * x, y * y * y, z * z * z, x * x * y, x * x * z,
            y * y * x, y * y * z, z * z * x, z * z * y, x * y * z
        };
    }
}
