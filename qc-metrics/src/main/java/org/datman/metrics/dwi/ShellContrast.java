package org.datman.metrics.dwi;

import java.util.Arrays;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.stats.Statistics;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.RealMatrix;

/**
 * Angular contrast to noise of a shell (the idea of eddy QC): spread of a smooth model over directions against the spread of the
 * residuals. The model is spherical harmonics of order 4, order 2 below 22 directions; residuals leave their own volume out.
 */
final class ShellContrast {

    private static final int VOXELS = 20000;

    private ShellContrast() {}

    /** Median over (at most 20 000 evenly spread) voxels; NaN when there are fewer directions than the model has terms plus 4. */
    static double of(MaskedData data, double[][] bvecs, int[] members) {
        int order = members.length < 22 ? 2 : 4;
        double[][] basis = new double[members.length][];
        for (int n = 0; n < members.length; n++) {
            basis[n] = harmonics(bvecs[members[n]], order);
        }
        int terms = order == 2 ? 6 : 15;
        if (members.length < terms + 4) {
            return Double.NaN;
        }
        RealMatrix b = new Array2DRowRealMatrix(basis, false);
        LUDecomposition normal = new LUDecomposition(b.transpose().multiply(b), 1e-10);
        if (!normal.getSolver().isNonSingular()) {
            return Double.NaN;
        }
        double[][] hat = b.multiply(normal.getSolver().solve(b.transpose())).getData();
        for (int n = 0; n < hat.length; n++) {
            if (hat[n][n] > 0.999) {
                return Double.NaN;
            }
        }
        int count = Math.min(VOXELS, data.voxels());
        double[] ratio = new double[count];
        Parallel.blocks(count, 256, (from, to) -> {
            double[] y = new double[members.length];
            double[] fit = new double[members.length];
            double[] residual = new double[members.length];
            for (int i = from; i < to; i++) {
                int voxel = (int) ((i + 0.5) * data.voxels() / count);
                for (int n = 0; n < y.length; n++) {
                    y[n] = data.values()[members[n]][voxel];
                }
                for (int n = 0; n < y.length; n++) {
                    double sum = 0;
                    double[] row = hat[n];
                    for (int m = 0; m < y.length; m++) {
                        sum += row[m] * y[m];
                    }
                    fit[n] = sum;
                    residual[n] = (y[n] - sum) / (1 - row[n]);
                }
                ratio[i] = Statistics.sd(fit, 1) / Statistics.sd(residual, 1);
            }
        });
        return Statistics.median(Arrays.stream(ratio).filter(Double::isFinite).toArray());
    }

    /** Even monomials span the same space as even spherical harmonics up to that order on the unit sphere. */
    private static double[] harmonics(double[] g, int order) {
        double x = g[0];
        double y = g[1];
        double z = g[2];
        if (order == 2) {
            return new double[] {x * x, y * y, z * z, x * y, x * z, y * z};
        }
        return new double[] {
            x * x * x * x,
            y * y * y * y,
            z * z * z * z,
            x * x * x * y,
            x * x * x * z,
            y * y * y * x,
            y * y * y * z,
            z * z * z * x,
            z * z * z * y,
            x * x * y * y,
            x * x * z * z,
            y * y * z * z,
            x * x * y * z,
            x * y * y * z,
            x * y * z * z
        };
    }
}
