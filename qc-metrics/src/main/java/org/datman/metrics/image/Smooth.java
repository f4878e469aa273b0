package org.datman.metrics.image;

/** Separable Gaussian smoothing, truncated at four sigma, edges repeated. */
public final class Smooth {

    private static final double FWHM_PER_SIGMA = 2.3548200450309493;

    private Smooth() {}

    /** A smoothed copy; {@code fwhmMm} of 0 gives a plain copy. */
    public static float[] gaussian(Grid grid, float[] image, double fwhmMm) {
        float[] a = image.clone();
        if (fwhmMm <= 0) {
            return a;
        }
        float[] b = new float[image.length];
        for (int axis = 0; axis < 3; axis++) {
            if (grid.dim(axis) > 1) {
                along(grid, a, b, axis, kernel(fwhmMm / FWHM_PER_SIGMA / grid.spacing(axis)));
                float[] swap = a;
                a = b;
                b = swap;
            }
        }
        return a;
    }

    /** Half kernel from the centre outwards, normalised to a sum of one over both sides. */
    static float[] kernel(double sigmaVoxels) {
        int reach = Math.max(1, (int) Math.ceil(4 * sigmaVoxels));
        double[] w = new double[reach + 1];
        double sum = 0;
        for (int r = 0; r <= reach; r++) {
            w[r] = Math.exp(-0.5 * r * r / (sigmaVoxels * sigmaVoxels));
            sum += r == 0 ? w[r] : 2 * w[r];
        }
        float[] k = new float[reach + 1];
        for (int r = 0; r <= reach; r++) {
            k[r] = (float) (w[r] / sum);
        }
        return k;
    }

    private static void along(Grid g, float[] in, float[] out, int axis, float[] kernel) {
        int n = g.dim(axis);
        int stride = g.stride(axis);
        if (axis == 0) {
            int rows = g.ny() * g.nz();
            float[] line = new float[n + 2 * kernel.length];
            for (int row = 0; row < rows; row++) {
                row(in, out, row * n, n, kernel, line);
            }
            return;
        }
        // Whole runs of i (and j) at a time: the inner loop is contiguous, so it becomes vector code.
        int outer = axis == 1 ? g.nz() : 1;
        for (int o = 0; o < outer; o++) {
            int base = o * n * stride;
            for (int p = 0; p < n; p++) {
                int to = base + p * stride;
                scaled(in, to, kernel[0], out, to, stride);
                for (int r = 1; r < kernel.length; r++) {
                    int before = base + Math.max(0, p - r) * stride;
                    int after = base + Math.min(n - 1, p + r) * stride;
                    addPair(in, before, after, kernel[r], out, to, stride);
                }
            }
        }
    }

    private static void row(float[] in, float[] out, int base, int n, float[] kernel, float[] line) {
        int reach = kernel.length - 1;
        for (int i = 0; i < reach; i++) {
            line[i] = in[base];
            line[reach + n + i] = in[base + n - 1];
        }
        System.arraycopy(in, base, line, reach, n);
        scaled(line, reach, kernel[0], out, base, n);
        for (int r = 1; r <= reach; r++) {
            addPair(line, reach - r, reach + r, kernel[r], out, base, n);
        }
    }

    private static void scaled(float[] in, int from, float weight, float[] out, int to, int n) {
        for (int i = 0; i < n; i++) {
            out[to + i] = weight * in[from + i];
        }
    }

    private static void addPair(float[] in, int a, int b, float weight, float[] out, int to, int n) {
        for (int i = 0; i < n; i++) {
            out[to + i] += weight * (in[a + i] + in[b + i]);
        }
    }
}
