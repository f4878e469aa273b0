package org.datman.analysis.image;

import org.datman.analysis.stats.Statistics;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.jspecify.annotations.Nullable;

/**
 * A smooth multiplicative field as a polynomial in log intensity, fitted to the brightest third of its residuals (white matter
 * on T1) until it converges. Coordinates run from -1 to 1 over a grid's extent.
 */
public final class LogField {

    private static final int ROUNDS = 8;
    /** White matter is two fifths of a brain; grey matter in the fit would be taken as field. */
    private static final double BRIGHT = 0.65;

    private static final double BRIGHTEST = 0.98;

    /** Degree of the polynomial. */
    public enum Degree {
        QUADRATIC(10),
        CUBIC(20);

        private final int terms;

        Degree(int terms) {
            this.terms = terms;
        }

        /** Number of the polynomial's terms. */
        public int terms() {
            return terms;
        }
    }

    private final Grid grid;
    private final double[] weights;

    private LogField(Grid grid, double[] weights) {
        this.grid = grid;
        this.weights = weights;
    }

    /**
     * Fits the log of an image's positive values.
     *
     * @param image on this grid
     * @param voxels to be fitted, all positive
     * @return null when there are too few voxels or no solution
     */
    public static @Nullable LogField fit(Grid grid, float[] image, int[] voxels, Degree degree) {
        int n = voxels.length;
        if (n < 20 * degree.terms) {
            return null;
        }
        double[][] terms = new double[n][degree.terms];
        double[] log = new double[n];
        for (int v = 0; v < n; v++) {
            terms(grid, voxels[v], terms[v]);
            log[v] = Math.log(image[voxels[v]]);
        }
        // Around its median, so that neither fit nor rounding depends on the scanner's units.
        double middle = Statistics.median(log);
        for (int v = 0; v < n; v++) {
            log[v] -= middle;
        }
        double[] weights = solve(terms, log);
        if (weights == null) {
            return null;
        }
        weights[0] += middle;
        return new LogField(grid, weights);
    }

    /** Log of the field, including the level of the fitted tissue, at a voxel of the grid. */
    public double at(int voxel) {
        double x = coordinate(voxel % grid.nx(), grid.nx());
        double y = coordinate(voxel / grid.nx() % grid.ny(), grid.ny());
        double z = coordinate(voxel / (grid.nx() * grid.ny()), grid.nz());
        // In the order of terms(), without an array of them for each voxel.
        double[] w = weights;
        double square = w[0]
                + w[1] * x
                + w[2] * y
                + w[3] * z
                + w[4] * (x * x)
                + w[5] * (y * y)
                + w[6] * (z * z)
                + w[7] * (x * y)
                + w[8] * (x * z)
                + w[9] * (y * z);
        return w.length == Degree.QUADRATIC.terms
                ? square
                : square
                        + w[10] * (x * x * x)
                        + w[11] * (y * y * y)
                        + w[12] * (z * z * z)
                        + w[13] * (x * x * y)
                        + w[14] * (x * x * z)
                        + w[15] * (y * y * x)
                        + w[16] * (y * y * z)
                        + w[17] * (z * z * x)
                        + w[18] * (z * z * y)
                        + w[19] * (x * y * z);
    }

    private static double @Nullable [] solve(double[][] terms, double[] log) {
        int n = log.length;
        int size = terms[0].length;
        double[] field = new double[n];
        double[] residual = new double[n];
        double[] weights = new double[size];
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < n; i++) {
                residual[i] = log[i] - field[i];
            }
            double[] work = residual.clone();
            double low = Statistics.quantileInPlace(work, n, BRIGHT);
            double high = Statistics.quantileInPlace(work, n, BRIGHTEST);
            // Plain arrays: this sum is most of the work, and the matrix class checks both indices of every entry.
            double[][] normal = new double[size][size];
            double[] right = new double[size];
            for (int i = 0; i < n; i++) {
                if (residual[i] >= low && residual[i] <= high) {
                    add(terms[i], log[i], normal, right);
                }
            }
            for (int a = 0; a < size; a++) {
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
            } catch (MathRuntimeException e) {
                return null;
            }
            for (int i = 0; i < n; i++) {
                field[i] = dot(weights, terms[i]);
            }
        }
        return weights;
    }

    private static void add(double[] term, double value, double[][] normal, double[] right) {
        for (int a = 0; a < term.length; a++) {
            double[] row = normal[a];
            double factor = term[a];
            right[a] += factor * value;
            for (int b = 0; b <= a; b++) {
                row[b] += factor * term[b];
            }
        }
    }

    private static double dot(double[] weights, double[] terms) {
        double sum = 0;
        for (int a = 0; a < weights.length; a++) {
            sum += weights[a] * terms[a];
        }
        return sum;
    }

    /** Monomials up to the degree that fits into the array. */
    private static void terms(Grid g, int voxel, double[] t) {
        double x = coordinate(voxel % g.nx(), g.nx());
        double y = coordinate(voxel / g.nx() % g.ny(), g.ny());
        double z = coordinate(voxel / (g.nx() * g.ny()), g.nz());
        t[0] = 1;
        t[1] = x;
        t[2] = y;
        t[3] = z;
        t[4] = x * x;
        t[5] = y * y;
        t[6] = z * z;
        t[7] = x * y;
        t[8] = x * z;
        t[9] = y * z;
        if (t.length > 10) {
            t[10] = x * x * x;
            t[11] = y * y * y;
            t[12] = z * z * z;
            t[13] = x * x * y;
            t[14] = x * x * z;
            t[15] = y * y * x;
            t[16] = y * y * z;
            t[17] = z * z * x;
            t[18] = z * z * y;
            t[19] = x * y * z;
        }
    }

    private static double coordinate(int index, int n) {
        return 2.0 * index / Math.max(1, n - 1) - 1;
    }
}
