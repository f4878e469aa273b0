package org.datman.synthetic;

/**
 * A rigid movement of the patient: {@code p' = Rz(rz) Ry(ry) Rx(rx) p + t}, about the isocentre.
 *
 * @param tx translation to the patient's right, mm
 * @param ty translation to anterior, mm
 * @param tz translation to superior, mm
 * @param rx rotation about the R axis, rad
 * @param ry rotation about the A axis, rad
 * @param rz rotation about the S axis, rad
 */
public record Rigid(double tx, double ty, double tz, double rx, double ry, double rz) {

    /** No movement. */
    public static final Rigid NONE = new Rigid(0, 0, 0, 0, 0, 0);

    /** Six numbers in the order of the record. */
    public static Rigid of(double[] six) {
        if (six.length != 6) {
            throw new IllegalArgumentException("a rigid movement has 6 parameters, not " + six.length);
        }
        return new Rigid(six[0], six[1], six[2], six[3], six[4], six[5]);
    }

    /** The six parameters in the order of the record. */
    public double[] toArray() {
        return new double[] {tx, ty, tz, rx, ry, rz};
    }

    /** The rotation, row-major 3×3. */
    public double[] rotation() {
        double cx = Math.cos(rx), sx = Math.sin(rx);
        double cy = Math.cos(ry), sy = Math.sin(ry);
        double cz = Math.cos(rz), sz = Math.sin(rz);
        return new double[] {
            cz * cy,
            cz * sy * sx - sz * cx,
            cz * sy * cx + sz * sx,
            sz * cy,
            sz * sy * sx + cz * cx,
            sz * sy * cx - cz * sx,
            -sy,
            cy * sx,
            cy * cx
        };
    }

    /** Power's framewise displacement from {@code before} to this position on a sphere of 50 mm, in mm. */
    public double framewiseDisplacement(Rigid before) {
        return Math.abs(tx - before.tx)
                + Math.abs(ty - before.ty)
                + Math.abs(tz - before.tz)
                + 50 * (Math.abs(rx - before.rx) + Math.abs(ry - before.ry) + Math.abs(rz - before.rz));
    }
}
