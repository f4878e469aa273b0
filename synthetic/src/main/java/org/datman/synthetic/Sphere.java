package org.datman.synthetic;

/**
 * A homogeneous agar sphere, as in the fBIRN phantom.
 *
 * @param x centre, mm right of the isocentre
 * @param y centre, mm anterior
 * @param z centre, mm superior
 * @param radiusMm radius
 */
public record Sphere(double x, double y, double z, double radiusMm) implements Body {

    /** The fBIRN sphere of 17 cm at the isocentre. */
    public static Sphere fbirn() {
        return new Sphere(0, 0, 0, 85);
    }

    @Override
    public boolean at(double px, double py, double pz, double edgeMm, double[] fractions) {
        java.util.Arrays.fill(fractions, 0);
        double dx = px - x, dy = py - y, dz = pz - z;
        double share = Ellipsoid.inside(Math.sqrt(dx * dx + dy * dy + dz * dz) - radiusMm, edgeMm);
        fractions[Tissue.AGAR.ordinal()] = share;
        return share > 0;
    }
}
