package org.datman.metrics.anat;

import org.datman.metrics.stats.Robust;
import org.hipparchus.special.Erf;

/**
 * Three tissues of a brain's corrected intensities on T1 and the two mixtures of neighbours that blocks at their borders hold
 * (Santago and Gage 1993: a mixture in any proportion is as likely), with the gate that decides whether they may be called tissue:
 * separation of the two brighter classes and plausible fractions. Without a good mask such a model invents numbers, so it must be
 * allowed to say nothing.
 *
 * @param mean class means, rising: CSF, grey, white on T1
 * @param sd class standard deviations
 * @param weight of CSF, grey, white, CSF with grey, grey with white; sum 1
 */
record Tissue(double[] mean, double[] sd, double[] weight) {

    static final double LEAST_SEPARATION = 1.5;
    /** Under much noise the mixture takes all, and the pure classes become narrow and rare. */
    private static final double LEAST_PURE = 0.15;

    private static final double MOST_MIXED = 0.5;
    private static final int BINS = 256;
    private static final int ROUNDS = 200;
    private static final int PARTS = 5;
    private static final double BRIGHTEST = 1.3;
    /** Noise and texture of any tissue, as a share of white matter's level: a class must not stand on one bin. */
    private static final double LEAST_SD = 0.03;
    /** Where grey and CSF are looked for first, as shares of white matter's level. */
    private static final double[] START = {0.35, 0.72, 1};

    /** Fits by expectation-maximisation on a histogram; fat and vessels, far above white matter, are left out. */
    static Tissue fit(double[] values) {
        double low = Robust.quantile(values, 0.002);
        double white = white(values, low);
        double high = BRIGHTEST * white;
        double[] h = new double[BINS];
        double pitch = (high - low) / BINS;
        for (double v : values) {
            int b = (int) Math.floor((v - low) / pitch);
            if (b >= 0 && b < BINS) {
                h[b]++;
            }
        }
        double[] mean = new double[3];
        double[] sd = new double[3];
        for (int c = 0; c < 3; c++) {
            mean[c] = START[c] * white;
            sd[c] = 0.08 * white;
        }
        double[] weight = {0.1, 0.3, 0.3, 0.1, 0.2};
        for (int round = 0; round < ROUNDS; round++) {
            step(h, low, pitch, LEAST_SD * white, mean, sd, weight);
        }
        return new Tissue(mean, sd, weight);
    }

    /** The highest peak above the median. */
    private static double white(double[] values, double low) {
        double middle = Robust.median(values);
        double high = Robust.quantile(values, 0.98);
        int bins = 40;
        double pitch = (high - low) / bins;
        double[] h = new double[bins + 2];
        for (double v : values) {
            int b = (int) Math.floor((v - low) / pitch);
            if (b >= 0 && b < bins) {
                h[b + 1]++;
            }
        }
        int best = bins;
        double most = 0;
        for (int b = 1; b <= bins; b++) {
            double around = h[b - 1] + 2 * h[b] + h[b + 1];
            if (low + b * pitch > middle && around > most) {
                most = around;
                best = b;
            }
        }
        return low + (best - 0.5) * pitch;
    }

    private static void step(
            double[] h, double low, double pitch, double least, double[] mean, double[] sd, double[] weight) {
        double[] total = new double[PARTS];
        double[] sum = new double[3];
        double[] square = new double[3];
        double[] p = new double[PARTS];
        for (int b = 0; b < BINS; b++) {
            double x = low + (b + 0.5) * pitch;
            double all = densities(x, mean, sd, weight, p);
            for (int c = 0; c < PARTS && all > 0; c++) {
                double w = h[b] * p[c] / all;
                total[c] += w;
                if (c < 3) {
                    sum[c] += w * x;
                    square[c] += w * x * x;
                }
            }
        }
        double everything = 0;
        for (double t : total) {
            everything += t;
        }
        for (int c = 0; c < PARTS; c++) {
            if (c < 3 && total[c] > 1e-9) {
                mean[c] = sum[c] / total[c];
                sd[c] = Math.max(least, Math.sqrt(Math.max(0, square[c] / total[c] - mean[c] * mean[c])));
            }
            weight[c] = everything > 0 ? total[c] / everything : 0;
        }
    }

    /** The weighted densities of the five parts at x; their sum. */
    private static double densities(double x, double[] mean, double[] sd, double[] weight, double[] p) {
        double all = 0;
        for (int c = 0; c < 3; c++) {
            double u = (x - mean[c]) / sd[c];
            p[c] = weight[c] / (sd[c] * Math.sqrt(2 * Math.PI)) * Math.exp(-u * u / 2);
            all += p[c];
        }
        double darker = below(x, mean[0], sd[0]);
        for (int c = 0; c < 2; c++) {
            double gap = mean[c + 1] - mean[c];
            double brighter = below(x, mean[c + 1], sd[c + 1]);
            p[3 + c] = gap > 0 ? Math.max(0, weight[3 + c] * (darker - brighter) / gap) : 0;
            all += p[3 + c];
            darker = brighter;
        }
        return all;
    }

    private static double below(double x, double mean, double sd) {
        return 0.5 * (1 + Erf.erf((x - mean) / (sd * Math.sqrt(2))));
    }

    /** Shares of CSF, grey and white, mixtures halved between their two. */
    double[] fraction() {
        return halved(weight);
    }

    private static double[] halved(double[] p) {
        return new double[] {p[0] + p[3] / 2, p[1] + p[3] / 2 + p[4] / 2, p[2] + p[4] / 2};
    }

    /**
     * How undecided each class is: mean of 2 min(p, 1 - p) over the values that belong to it with p of 2 % and more, 0 when all
     * are pure.
     */
    double[] partialVolume(double[] values) {
        Shares shares = shares(values);
        double[] mean = new double[3];
        for (int c = 0; c < 3; c++) {
            double sum = 0;
            double count = 0;
            for (int b = 0; b < shares.level.length; b++) {
                double own = shares.of[c][b];
                if (own >= 0.02) {
                    sum += shares.count[b] * 2 * Math.min(own, 1 - own);
                    count += shares.count[b];
                }
            }
            mean[c] = sum / Math.max(1, count);
        }
        return mean;
    }

    /** CSF, grey, white: every value counted by how likely it belongs to the class. */
    ClassSummary[] summaries(double[] values) {
        Shares shares = shares(values);
        ClassSummary[] all = new ClassSummary[3];
        for (int c = 0; c < 3; c++) {
            double[] weight = new double[shares.level.length];
            for (int b = 0; b < weight.length; b++) {
                weight[b] = shares.count[b] * shares.of[c][b];
            }
            all[c] = ClassSummary.of(shares.level, weight);
        }
        return all;
    }

    /** Levels that occur, how often, and the share [class][level] that each class has in them. */
    private record Shares(double[] level, double[] count, double[][] of) {}

    /** The densities change far more slowly than a four-thousandth of the range. */
    private Shares shares(double[] values) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double x : values) {
            low = Math.min(low, x);
            high = Math.max(high, x);
        }
        double[] count = new double[4096];
        double pitch = Math.max(Double.MIN_NORMAL, (high - low) / count.length);
        for (double x : values) {
            count[Math.min(count.length - 1, (int) ((x - low) / pitch))]++;
        }
        double[] level = new double[count.length];
        double[][] of = new double[3][count.length];
        double[] p = new double[PARTS];
        for (int b = 0; b < count.length; b++) {
            level[b] = low + (b + 0.5) * pitch;
            double all = count[b] == 0 ? 0 : densities(level[b], mean, sd, weight, p);
            double[] share = halved(p);
            for (int c = 0; c < 3 && all > 0; c++) {
                of[c][b] = share[c] / all;
            }
        }
        return new Shares(level, count, of);
    }

    /** |mu2 - mu1| / sqrt(s1^2 + s2^2) of the two brighter classes. */
    double separation() {
        return Math.abs(mean[2] - mean[1]) / Math.sqrt(sd[1] * sd[1] + sd[2] * sd[2]);
    }

    /** Whether the classes are apart and their fractions those of a brain. */
    boolean confident() {
        double[] f = fraction();
        boolean seen = Math.min(weight[1], weight[2]) >= LEAST_PURE && weight[4] <= MOST_MIXED;
        return seen
                && separation() >= LEAST_SEPARATION
                && mean[0] < mean[1]
                && mean[1] < mean[2]
                && within(f[0], 0.08, 0.40)
                && within(f[1], 0.25, 0.65)
                && within(f[2], 0.15, 0.55);
    }

    private static boolean within(double v, double low, double high) {
        return v >= low && v <= high;
    }
}
