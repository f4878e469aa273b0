package org.datman.analysis.motion;

/**
 * A rigid movement x -> R x + t of the patient, millimetres, about a centre that both sides know. R is row-major 3x3.
 *
 * @param r rotation
 * @param t translation in mm
 */
public record Rigid(double[] r, double[] t) {

    public Rigid {
        r = r.clone();
        t = t.clone();
    }

    public static Rigid identity() {
        return new Rigid(new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, new double[3]);
    }

    /** From translations in mm and rotations in rad about x, then y, then z: R = Rz Ry Rx. */
    public static Rigid of(double tx, double ty, double tz, double a, double b, double g) {
        double ca = Math.cos(a);
        double sa = Math.sin(a);
        double cb = Math.cos(b);
        double sb = Math.sin(b);
        double cg = Math.cos(g);
        double sg = Math.sin(g);
        double[] r = {
            cg * cb,
            cg * sb * sa - sg * ca,
            cg * sb * ca + sg * sa,
            sg * cb,
            sg * sb * sa + cg * ca,
            sg * sb * ca - cg * sa,
            -sb,
            cb * sa,
            cb * ca
        };
        return new Rigid(r, new double[] {tx, ty, tz});
    }

    /** Translations x, y, z in mm, then rotations about x, y, z in rad with R = Rz Ry Rx. */
    public double[] parameters() {
        double b = Math.asin(Math.max(-1, Math.min(1, -r[6])));
        return new double[] {t[0], t[1], t[2], Math.atan2(r[7], r[8]), b, Math.atan2(r[3], r[0])};
    }

    /** First {@code inner}, then this. */
    public Rigid after(Rigid inner) {
        return new Rigid(multiply(r, inner.r), add(multiply3(r, inner.t), t));
    }

    public Rigid inverse() {
        double[] back = transpose(r);
        double[] shift = multiply3(back, t);
        return new Rigid(back, new double[] {-shift[0], -shift[1], -shift[2]});
    }

    /** The same movement in other axes: D R D', D t; {@code d} is orthogonal, reflections allowed. */
    public Rigid in(double[] d) {
        return new Rigid(multiply(multiply(d, r), transpose(d)), multiply3(d, t));
    }

    /** Root mean square displacement over a sphere of {@code radiusMm} about the centre (Jenkinson 1999). */
    public double rmsDisplacement(double radiusMm) {
        double trace = 0;
        for (int i = 0; i < 9; i++) {
            double m = r[i] - (i % 4 == 0 ? 1 : 0);
            trace += m * m;
        }
        return Math.sqrt(radiusMm * radiusMm / 5 * trace + t[0] * t[0] + t[1] * t[1] + t[2] * t[2]);
    }

    @Override
    public double[] r() {
        return r.clone();
    }

    @Override
    public double[] t() {
        return t.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Rigid o && java.util.Arrays.equals(r, o.r) && java.util.Arrays.equals(t, o.t);
    }

    @Override
    public int hashCode() {
        return 31 * java.util.Arrays.hashCode(r) + java.util.Arrays.hashCode(t);
    }

    static double[] multiply(double[] a, double[] b) {
        double[] c = new double[9];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                c[3 * i + j] = a[3 * i] * b[j] + a[3 * i + 1] * b[3 + j] + a[3 * i + 2] * b[6 + j];
            }
        }
        return c;
    }

    private static double[] multiply3(double[] a, double[] v) {
        return new double[] {
            a[0] * v[0] + a[1] * v[1] + a[2] * v[2],
            a[3] * v[0] + a[4] * v[1] + a[5] * v[2],
            a[6] * v[0] + a[7] * v[1] + a[8] * v[2]
        };
    }

    private static double[] transpose(double[] a) {
        return new double[] {a[0], a[3], a[6], a[1], a[4], a[7], a[2], a[5], a[8]};
    }

    private static double[] add(double[] a, double[] b) {
        return new double[] {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
    }

    /** Rotation by the vector w (rad): exact exponential, so no drift away from a rotation builds up. */
    static double[] rotation(double wx, double wy, double wz) {
        double angle = Math.sqrt(wx * wx + wy * wy + wz * wz);
        double s = angle < 1e-12 ? 1 : Math.sin(angle) / angle;
        double c = angle < 1e-12 ? 0.5 : (1 - Math.cos(angle)) / (angle * angle);
        double[] k = {0, -wz, wy, wz, 0, -wx, -wy, wx, 0};
        double[] k2 = multiply(k, k);
        double[] out = new double[9];
        for (int i = 0; i < 9; i++) {
            out[i] = (i % 4 == 0 ? 1 : 0) + s * k[i] + c * k2[i];
        }
        return out;
    }
}
