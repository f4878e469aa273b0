package org.datman.analysis.image;

/** Separable Gaussian smoothing, truncated at four sigma, edges repeated. */
public final class Smooth {

    private static final double FWHM_PER_SIGMA = 2.3548200450309493;

    /** Rows that are turned at once: what they are read from and written to fits into the fastest cache. */
    private static final int TURNED = 64;

    private Smooth() {}

    /** A smoothed copy; {@code fwhmMm} of 0 returns a plain copy. */
    public static float[] gaussian(Grid grid, float[] image, double fwhmMm) {
        float[] a = image.clone();
        if (fwhmMm <= 0) {
            return a;
        }
        float[] b = new float[image.length];
        for (int axis = 0; axis < 3; axis++) {
            // The axis that changes fastest becomes the slowest, so that all others together are one long run: vector
            // code
            // gains nothing on short rows. After three turns the axes are where they were.
            int n = grid.dim(axis);
            turn(a, b, n);
            if (n > 1) {
                along(b, a, n, kernel(fwhmMm / FWHM_PER_SIGMA / grid.spacing(axis)));
            } else {
                System.arraycopy(b, 0, a, 0, a.length);
            }
        }
        return a;
    }

    /** Rows of n become columns. */
    private static void turn(float[] in, float[] out, int n) {
        int rows = in.length / n;
        for (int block = 0; block < rows; block += TURNED) {
            int end = Math.min(rows, block + TURNED);
            for (int i = 0; i < n; i++) {
                for (int row = block; row < end; row++) {
                    out[i * rows + row] = in[row * n + i];
                }
            }
        }
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

    /** Along the slowest of the axes, of n. */
    private static void along(float[] in, float[] out, int n, float[] kernel) {
        int run = in.length / n;
        for (int p = 0; p < n; p++) {
            int to = p * run;
            scaled(in, to, kernel[0], out, to, run);
            for (int r = 1; r < kernel.length; r++) {
                addPair(in, Math.max(0, p - r) * run, Math.min(n - 1, p + r) * run, kernel[r], out, to, run);
            }
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
