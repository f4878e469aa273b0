package org.datman.metrics.phantom;

import java.util.Arrays;
import org.datman.analysis.image.Grid;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.LUDecomposition;

/** Three-dimensional linear algebra of phantoms. */
final class Quadric {

    private Quadric() {}

    /** Patient R, A, S in mm of a place in voxels, which may be fractional; {@code a} is the grid's affine. */
    static double[] mm(double[] a, double i, double j, double k) {
        return new double[] {
            a[0] * i + a[1] * j + a[2] * k + a[3],
            a[4] * i + a[5] * j + a[6] * k + a[7],
            a[8] * i + a[9] * j + a[10] * k + a[11]
        };
    }

    /** Between two points. */
    static double distance(double[] a, double[] b) {
        return Math.sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) + (a[2] - b[2]) * (a[2] - b[2]));
    }

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
