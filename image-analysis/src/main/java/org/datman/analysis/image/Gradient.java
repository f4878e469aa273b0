package org.datman.analysis.image;

/** Central differences. */
public final class Gradient {

    private Gradient() {}

    /** Magnitude of the central-difference gradient per mm. */
    public static float[] magnitude(Grid g, float[] image) {
        float[] out = new float[image.length];
        int plane = g.nx() * g.ny();
        Parallel.forEach(g.nz(), k -> {
            for (int j = 0; j < g.ny(); j++) {
                for (int i = 0; i < g.nx(); i++) {
                    int v = g.index(i, j, k);
                    double x = step(image, v, i, g.nx(), 1) / g.dx();
                    double y = step(image, v, j, g.ny(), g.nx()) / g.dy();
                    double z = step(image, v, k, g.nz(), plane) / g.dz();
                    out[v] = (float) Math.sqrt(x * x + y * y + z * z);
                }
            }
        });
        return out;
    }

    private static double step(float[] image, int v, int at, int n, int stride) {
        return at > 0 && at < n - 1 ? (image[v + stride] - image[v - stride]) / 2.0 : 0;
    }
}
