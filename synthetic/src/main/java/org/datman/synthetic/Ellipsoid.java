package org.datman.synthetic;

/** An axis-aligned ellipsoid: centre and radii in mm. */
record Ellipsoid(double cx, double cy, double cz, double a, double b, double c) {

    /** First-order signed distance to the surface in mm, negative inside. */
    double distance(double x, double y, double z) {
        double u = (x - cx) / a, v = (y - cy) / b, w = (z - cz) / c;
        double r2 = u * u + v * v + w * w;
        double gx = u / a, gy = v / b, gz = w / c;
        double g = Math.sqrt(gx * gx + gy * gy + gz * gz);
        if (g < 1e-9) {
            return -Math.min(a, Math.min(b, c));
        }
        double r = Math.sqrt(r2);
        return r * (r - 1) / g;
    }

    /** Share of a voxel of size {@code edge} that lies inside: 1 deep inside, 0 outside, smooth over 1.5 edges. */
    double inside(double x, double y, double z, double edge) {
        return inside(distance(x, y, z), edge);
    }

    static double inside(double distance, double edge) {
        double u = 0.5 - distance / (1.5 * edge);
        if (u <= 0) {
            return 0;
        }
        return u >= 1 ? 1 : u * u * (3 - 2 * u);
    }
}
