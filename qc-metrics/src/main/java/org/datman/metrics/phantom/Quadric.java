package org.datman.metrics.phantom;

import java.util.Arrays;
import org.datman.analysis.image.Grid;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.LUDecomposition;

/** Three-dimensional linear algebra of phantoms. */
final class Quadric {

    private Quadric() {}

    /** Eigenvalues of a symmetric matrix, largest first. */
    static double[] eigenvalues(double[][] symmetric) {
        double[] values = new EigenDecompositionSymmetric(new Array2DRowRealMatrix(symmetric, false))
                .getEigenvalues()
                .clone();
        Arrays.sort(values);
        for (int n = 0; n < values.length / 2; n++) {
            double swap = values[n];
            values[n] = values[values.length - 1 - n];
            values[values.length - 1 - n] = swap;
        }
        return values;
    }

    /** Voxel coordinates, fractional, of a point in mm (R, A, S). */
    static double[] voxel(Grid g, double[] mm) {
        double[] a = g.affine();
        double[][] m = {{a[0], a[1], a[2]}, {a[4], a[5], a[6]}, {a[8], a[9], a[10]}};
        double[] from = {mm[0] - a[3], mm[1] - a[7], mm[2] - a[11]};
        return new LUDecomposition(new Array2DRowRealMatrix(m, false))
                .getSolver()
                .solve(new Array2DRowRealMatrix(from))
                .getColumn(0);
    }
}
