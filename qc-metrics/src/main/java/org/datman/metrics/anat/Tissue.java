package org.datman.metrics.anat;

/**
 * Three Gaussian classes of a brain's corrected intensities, with the gate that decides whether they may be called tissue:
 * separation of the two brighter (T1) classes and plausible fractions. Without a good mask such a model invents numbers, so it
 * must be allowed to say nothing.
 *
 * @param mean class means, rising: CSF, grey, white on T1
 * @param sd class standard deviations
 * @param fraction class fractions
 */
record Tissue(double[] mean, double[] sd, double[] fraction) {

    static final double LEAST_SEPARATION = 1.5;
    private static final int BINS = 256;
    private static final int ROUNDS = 200;

    /** Fits by expectation-maximisation on a histogram between the given bounds. */
    static Tissue fit(double[] values, double low, double high) {
        double[] h = new double[BINS];
        double pitch = (high - low) / BINS;
        for (double v : values) {
            int b = (int) ((v - low) / pitch);
            if (b >= 0 && b < BINS) {
                h[b]++;
            }
        }
        double[] mean = {low + 0.2 * (high - low), low + 0.5 * (high - low), low + 0.8 * (high - low)};
        double[] sd = {0.15 * (high - low), 0.15 * (high - low), 0.15 * (high - low)};
        double[] fraction = {0.2, 0.4, 0.4};
        for (int round = 0; round < ROUNDS; round++) {
            step(h, low, pitch, mean, sd, fraction);
        }
        return new Tissue(mean, sd, fraction);
    }

    private static void step(double[] h, double low, double pitch, double[] mean, double[] sd, double[] fraction) {
        double[] weight = new double[3];
        double[] sum = new double[3];
        double[] square = new double[3];
        double total = 0;
        for (int b = 0; b < BINS; b++) {
            double x = low + (b + 0.5) * pitch;
            double[] p = new double[3];
            double all = 1e-300;
            for (int c = 0; c < 3; c++) {
                double u = (x - mean[c]) / sd[c];
                p[c] = fraction[c] / sd[c] * Math.exp(-u * u / 2);
                all += p[c];
            }
            for (int c = 0; c < 3; c++) {
                double w = h[b] * p[c] / all;
                weight[c] += w;
                sum[c] += w * x;
                square[c] += w * x * x;
            }
            total += h[b];
        }
        for (int c = 0; c < 3; c++) {
            if (weight[c] > 1e-9) {
                mean[c] = sum[c] / weight[c];
                sd[c] = Math.sqrt(Math.max(square[c] / weight[c] - mean[c] * mean[c], pitch * pitch));
            }
            fraction[c] = total > 0 ? weight[c] / total : 0;
        }
    }

    /** |mu2 - mu1| / sqrt(s1^2 + s2^2) of the two brighter classes. */
    double separation() {
        return Math.abs(mean[2] - mean[1]) / Math.sqrt(sd[1] * sd[1] + sd[2] * sd[2]);
    }

    /** Whether the classes are apart and their fractions those of a brain. */
    boolean confident() {
        return separation() >= LEAST_SEPARATION
                && mean[0] < mean[1]
                && mean[1] < mean[2]
                && within(fraction[0], 0.08, 0.40)
                && within(fraction[1], 0.25, 0.65)
                && within(fraction[2], 0.15, 0.55);
    }

    private static boolean within(double v, double low, double high) {
        return v >= low && v <= high;
    }
}
