package org.datman.metrics.dwi;

import java.util.Arrays;
import org.datman.synthetic.Body;
import org.datman.synthetic.Tissue;

/**
 * A ball of grey matter with straight oblique bundles of white matter, 10 mm thick, in three regions of three directions: fibres that run
 * on from voxel to voxel only where their own direction leads, as in a brain.
 */
final class Bundles implements Body {

    private static final double RADIUS_MM = 75;
    private static final double SPACING_MM = 22;
    private static final double THICK_MM = 11;
    private static final double[][] ALONG = {unit(1, .2, .7), unit(-.5, 1, .1), unit(.15, -.6, 1)};

    private static double[] unit(double x, double y, double z) {
        double n = Math.sqrt(x * x + y * y + z * z);
        return new double[] {x / n, y / n, z / n};
    }

    private static int region(double x) {
        return x < -25 ? 0 : x < 25 ? 1 : 2;
    }

    @Override
    public boolean at(double x, double y, double z, double edgeMm, double[] fractions) {
        Arrays.fill(fractions, 0);
        if (x * x + y * y + z * z > RADIUS_MM * RADIUS_MM) {
            return false;
        }
        double[] u = ALONG[region(x)];
        // Two axes across the bundle.
        double[] v = unit(-u[1], u[0], 0);
        double[] w = {u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]};
        double a = x * v[0] + y * v[1] + z * v[2];
        double b = x * w[0] + y * w[1] + z * w[2];
        boolean white = a - SPACING_MM * Math.floor(a / SPACING_MM) < THICK_MM
                && b - SPACING_MM * Math.floor(b / SPACING_MM) < THICK_MM;
        fractions[(white ? Tissue.WHITE : Tissue.GREY).ordinal()] = 1;
        return true;
    }

    @Override
    public void fibreAt(double x, double y, double z, double[] direction) {
        System.arraycopy(ALONG[region(x)], 0, direction, 0, 3);
    }
}
