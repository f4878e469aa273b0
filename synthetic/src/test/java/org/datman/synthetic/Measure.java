package org.datman.synthetic;

/** Plain measurements for the tests against ground truth. */
final class Measure {

    private Measure() {}

    static double mean(Grid g, float[] v, int i0, int i1, int j0, int j1, int k0, int k1) {
        double sum = 0;
        for (int k = k0; k < k1; k++) {
            for (int j = j0; j < j1; j++) {
                for (int i = i0; i < i1; i++) {
                    sum += v[g.index(i, j, k)];
                }
            }
        }
        return sum / ((double) (i1 - i0) * (j1 - j0) * (k1 - k0));
    }

    /** Centre of mass in RAS mm. */
    static double[] centroid(Grid g, float[] v) {
        double[] m = g.affine();
        double[] c = new double[3];
        double sum = 0;
        for (int k = 0; k < g.nz(); k++) {
            for (int j = 0; j < g.ny(); j++) {
                for (int i = 0; i < g.nx(); i++) {
                    double w = v[g.index(i, j, k)];
                    sum += w;
                    for (int a = 0; a < 3; a++) {
                        c[a] += w * (m[4 * a] * i + m[4 * a + 1] * j + m[4 * a + 2] * k + m[4 * a + 3]);
                    }
                }
            }
        }
        for (int a = 0; a < 3; a++) {
            c[a] /= sum;
        }
        return c;
    }
}
