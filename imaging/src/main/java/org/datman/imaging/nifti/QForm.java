package org.datman.imaging.nifti;

/**
 * The quaternion form of a NIfTI orientation: a rotation, voxel sizes from {@code pixdim}, and an offset.
 *
 * @param code {@code qform_code}; 0 means absent, 1 scanner, 2 aligned, 3 Talairach, 4 MNI
 * @param qfac handedness, {@code pixdim[0]}: -1 flips the third axis, everything else does not
 * @param b quaternion component
 * @param c quaternion component
 * @param d quaternion component
 * @param x offset to the right, in the header's spatial unit
 * @param y offset to the front
 * @param z offset upwards
 */
public record QForm(int code, double qfac, double b, double c, double d, double x, double y, double z) {

    /** No quaternion form. */
    public static final QForm ABSENT = new QForm(0, 1, 0, 0, 0, 0, 0, 0);

    private static final double ORTHOGONALITY_TOLERANCE = 1e-4;

    /** Affine (4×4, voxel to RAS) with the given voxel sizes: NIfTI-1 standard, "METHOD 2". */
    double[][] affine(double dx, double dy, double dz) {
        double n = b * b + c * c + d * d;
        double scale = n > 1 ? 1 / Math.sqrt(n) : 1;
        double qb = b * scale;
        double qc = c * scale;
        double qd = d * scale;
        double qa = Math.sqrt(Math.max(0, 1 - (qb * qb + qc * qc + qd * qd)));
        double sz = qfac < 0 ? -dz : dz;
        return new double[][] {
            {(qa * qa + qb * qb - qc * qc - qd * qd) * dx, 2 * (qb * qc - qa * qd) * dy, 2 * (qb * qd + qa * qc) * sz, x
            },
            {2 * (qb * qc + qa * qd) * dx, (qa * qa + qc * qc - qb * qb - qd * qd) * dy, 2 * (qc * qd - qa * qb) * sz, y
            },
            {2 * (qb * qd - qa * qc) * dx, 2 * (qc * qd + qa * qb) * dy, (qa * qa + qd * qd - qc * qc - qb * qb) * sz, z
            },
            {0, 0, 0, 1}
        };
    }

    /** The form equivalent to {@code affine}; {@link #ABSENT} when the affine is sheared, which a rotation cannot represent. */
    static QForm of(double[][] affine, int code) {
        double[][] r = new double[3][3];
        for (int col = 0; col < 3; col++) {
            double length = Math.sqrt(affine[0][col] * affine[0][col]
                    + affine[1][col] * affine[1][col]
                    + affine[2][col] * affine[2][col]);
            if (length == 0) {
                return ABSENT;
            }
            for (int row = 0; row < 3; row++) {
                r[row][col] = affine[row][col] / length;
            }
        }
        if (Math.abs(dot(r, 0, 1)) > ORTHOGONALITY_TOLERANCE
                || Math.abs(dot(r, 0, 2)) > ORTHOGONALITY_TOLERANCE
                || Math.abs(dot(r, 1, 2)) > ORTHOGONALITY_TOLERANCE) {
            return ABSENT;
        }
        double determinant = r[0][0] * (r[1][1] * r[2][2] - r[1][2] * r[2][1])
                - r[0][1] * (r[1][0] * r[2][2] - r[1][2] * r[2][0])
                + r[0][2] * (r[1][0] * r[2][1] - r[1][1] * r[2][0]);
        double qfac = determinant < 0 ? -1 : 1;
        for (int row = 0; row < 3; row++) {
            r[row][2] *= qfac;
        }
        double[] q = quaternion(r);
        return new QForm(code, qfac, q[1], q[2], q[3], affine[0][3], affine[1][3], affine[2][3]);
    }

    private static double dot(double[][] r, int i, int j) {
        return r[0][i] * r[0][j] + r[1][i] * r[1][j] + r[2][i] * r[2][j];
    }

    /** Unit quaternion (a, b, c, d) with a ≥ 0 of a rotation; starts from its largest component, which keeps the division stable. */
    private static double[] quaternion(double[][] r) {
        double[] squares = {
            1 + r[0][0] + r[1][1] + r[2][2],
            1 + r[0][0] - r[1][1] - r[2][2],
            1 - r[0][0] + r[1][1] - r[2][2],
            1 - r[0][0] - r[1][1] + r[2][2]
        };
        int largest = 0;
        for (int i = 1; i < 4; i++) {
            if (squares[i] > squares[largest]) {
                largest = i;
            }
        }
        double[][] products = {
            {squares[0], r[2][1] - r[1][2], r[0][2] - r[2][0], r[1][0] - r[0][1]},
            {r[2][1] - r[1][2], squares[1], r[1][0] + r[0][1], r[0][2] + r[2][0]},
            {r[0][2] - r[2][0], r[1][0] + r[0][1], squares[2], r[2][1] + r[1][2]},
            {r[1][0] - r[0][1], r[0][2] + r[2][0], r[2][1] + r[1][2], squares[3]}
        };
        double norm = 2 * Math.sqrt(squares[largest]);
        double sign = products[largest][0] < 0 ? -1 : 1;
        double[] q = new double[4];
        for (int i = 0; i < 4; i++) {
            q[i] = sign * products[largest][i] / norm;
        }
        return q;
    }
}
