package org.datman.metrics.phantom;

import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.SingularValueDecomposition;

/** A slice divided by the smooth shading of a disc: a polynomial of fourth degree fitted inside it. 1 is the disc's own signal. */
final class FlatDisc {

    static final double RADIUS_MM = 43;
    private static final int DEGREE = 4;
    private static final int TERMS = (DEGREE + 1) * (DEGREE + 2) / 2;
    /** Beyond the disc the polynomial diverges; it is not evaluated further out than this. */
    private static final double FURTHEST = 1.1;

    private FlatDisc() {}

    /** The flattened slice; (u, v) is the centre of the disc in voxels. */
    static SliceImage of(SliceImage p, double u, double v) {
        double[][] normal = new double[TERMS][TERMS];
        double[] right = new double[TERMS];
        double[] terms = new double[TERMS];
        for (int y = 0; y < p.nv(); y++) {
            for (int x = 0; x < p.nu(); x++) {
                double a = (x - u) * p.du() / RADIUS_MM;
                double b = (y - v) * p.dv() / RADIUS_MM;
                if (a * a + b * b <= 1) {
                    fill(terms, a, b);
                    for (int r = 0; r < TERMS; r++) {
                        right[r] += terms[r] * p.at(x, y);
                        for (int c = 0; c < TERMS; c++) {
                            normal[r][c] += terms[r] * terms[c];
                        }
                    }
                }
            }
        }
        double[] fit = new SingularValueDecomposition(new Array2DRowRealMatrix(normal, false))
                .getSolver()
                .solve(new ArrayRealVector(right, false))
                .toArray();
        float[] out = new float[p.data().length];
        for (int y = 0; y < p.nv(); y++) {
            for (int x = 0; x < p.nu(); x++) {
                double a = (x - u) * p.du() / RADIUS_MM;
                double b = (y - v) * p.dv() / RADIUS_MM;
                double shrink = Math.max(1, Math.hypot(a, b) / FURTHEST);
                fill(terms, a / shrink, b / shrink);
                double level = 0;
                for (int t = 0; t < TERMS; t++) {
                    level += fit[t] * terms[t];
                }
                out[y * p.nu() + x] = level > 0 ? (float) (p.at(x, y) / level) : 0;
            }
        }
        return new SliceImage(out, p.nu(), p.nv(), p.du(), p.dv());
    }

    private static void fill(double[] terms, double a, double b) {
        int n = 0;
        for (int degree = 0; degree <= DEGREE; degree++) {
            for (int power = 0; power <= degree; power++) {
                terms[n++] = Math.pow(a, degree - power) * Math.pow(b, power);
            }
        }
    }
}
