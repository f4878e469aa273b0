package org.datman.metrics.anat;

import org.datman.analysis.image.Grid;

/**
 * CSF, grey and white matter of a T1. Three Gaussian classes of intensity in a Markov random field, fitted by
 * expectation-maximisation with the field of the receive coil (Wells et al. 1996; Zhang, Brady and Smith 2001; as ANTs' Atropos after
 * N4, the source of MRIQC's values). The prior of a block is how likely its six neighbours belong to each class. Without a good
 * mask such a model invents numbers, so a gate decides whether the classes may be called tissue.
 *
 * @param mean class means, CSF, grey, white, where white matter is about 1
 * @param sd class standard deviations
 * @param summaries of the intensities of each class, each block counted by how likely it belongs to it
 * @param fraction share of each class in the brain's blocks
 * @param mixed of each class, mean of 2 min(p, 1 - p) over the blocks that belong to it with p of 2 % and more, 0 when all are pure
 * @param labels likeliest class of each block of the box and 1, 0 outside the brain
 * @param count blocks of brain
 */
record TissueSegmentation(
        double[] mean,
        double[] sd,
        ClassSummary[] summaries,
        double[] fraction,
        double[] mixed,
        byte[] labels,
        int count) {

    static final double LEAST_SEPARATION = 1.8;

    private static final int CLASSES = 3;
    private static final int BINS = 1024;
    /** Fat and vessels, far above white matter, are not brain tissue. */
    private static final double BRIGHTEST = 1.3;
    /** Noise and texture of any tissue, as a share of white matter's level: a class must not cover a single bin only. */
    private static final double LEAST_SD = 0.03;
    /** Start values of the classes, as shares of white matter's level. */
    private static final double[] START = {0.3, 0.7, 1};

    private static final int ROUNDS = 5;
    /** Rounds after which the field still moves. */
    private static final int FIELD_ROUNDS = 2;
    /** Weight of a neighbour: six of one class make it six times as likely. */
    private static final double NEIGHBOUR = 0.3;

    private static final int SURE = 255;
    private static final double LEAST_SHARE = 0.02;

    /** Segments blocks; the field is moved with the classes. */
    static TissueSegmentation of(BrainBlocks blocks, BiasField field) {
        return new Fit(blocks, field).run();
    }

    /** The work of {@link #of}. */
    private static final class Fit {

        private final Grid grid;
        private final BiasField field;
        private final int count;
        private final float[] image;
        /** How likely each block belongs to each class, in 255ths, unsigned; all 0 outside the brain. */
        private final byte[][] share;

        private final double[] mean = START.clone();
        private final double[] sd = new double[CLASSES];
        private final double[] weight = new double[CLASSES];
        private final double[] perNeighbour = new double[6 * SURE + 1];
        private double[][] histogram = new double[CLASSES][BINS];

        Fit(BrainBlocks blocks, BiasField field) {
            this.grid = blocks.grid();
            this.field = field;
            this.count = blocks.count();
            this.image = field.corrected();
            this.share = new byte[CLASSES][image.length];
            for (int n = 0; n < perNeighbour.length; n++) {
                perNeighbour[n] = Math.exp(NEIGHBOUR * n / SURE);
            }
        }

        TissueSegmentation run() {
            nearestMeans();
            sweep(false, false);
            maximise();
            for (int round = 0; round < ROUNDS; round++) {
                sweep(true, round < FIELD_ROUNDS);
            }
            return result();
        }

        private int bin(float value) {
            return Math.min(BINS - 1, (int) (value * (BINS / BRIGHTEST)));
        }

        private static double level(int bin) {
            return (bin + 0.5) * BRIGHTEST / BINS;
        }

        /** Every value goes to the nearest mean, until the means no longer change (k-means on a histogram). */
        private void nearestMeans() {
            double[] h = new double[BINS];
            for (float value : image) {
                if (value > 0) {
                    h[bin(value)]++;
                }
            }
            for (int round = 0; round < 100; round++) {
                double[] total = new double[CLASSES];
                double[] sum = new double[CLASSES];
                double[] square = new double[CLASSES];
                for (int b = 0; b < BINS - 1; b++) {
                    double x = level(b);
                    int c = x < (mean[0] + mean[1]) / 2 ? 0 : x < (mean[1] + mean[2]) / 2 ? 1 : 2;
                    total[c] += h[b];
                    sum[c] += h[b] * x;
                    square[c] += h[b] * x * x;
                }
                double moved = 0;
                for (int c = 0; c < CLASSES; c++) {
                    moved += update(c, total[c], sum[c], square[c]);
                    weight[c] = total[c] / count;
                }
                if (moved < 1e-4) {
                    return;
                }
            }
        }

        /** New mean and spread of a class; returns the change of the mean. */
        private double update(int c, double total, double sum, double square) {
            if (total < 1) {
                return 0;
            }
            double before = mean[c];
            mean[c] = sum / total;
            sd[c] = Math.max(LEAST_SD, Math.sqrt(Math.max(0, square / total - mean[c] * mean[c])));
            return Math.abs(mean[c] - before);
        }

        private void maximise() {
            for (int c = 0; c < CLASSES; c++) {
                double total = 0;
                double sum = 0;
                double square = 0;
                for (int b = 0; b < BINS - 1; b++) {
                    double x = level(b);
                    total += histogram[c][b];
                    sum += histogram[c][b] * x;
                    square += histogram[c][b] * x * x;
                }
                update(c, total, sum, square);
            }
        }

        /** One pass over all blocks: the class probabilities of each; then the field's step, when it is to be updated. */
        private void sweep(boolean neighbours, boolean moves) {
            double[][] density = new double[CLASSES][BINS];
            double[][] left = new double[CLASSES][BINS];
            for (int c = 0; c < CLASSES; c++) {
                for (int b = 0; b < BINS; b++) {
                    double u = (level(b) - mean[c]) / sd[c];
                    density[c][b] = (neighbours ? 1 : weight[c]) * Math.exp(-u * u / 2) / sd[c] + 1e-30;
                    left[c][b] = Math.log(level(b) / mean[c]);
                }
            }
            // Fluid is too often mixed, and too dark, to estimate a field.
            double[] precision = {0, square(mean[1] / sd[1]), square(mean[2] / sd[2])};
            float[] weighted = new float[moves ? field.cells() : 0];
            float[] weights = new float[weighted.length];
            histogram = new double[CLASSES][BINS];
            byte[] csf = share[0];
            byte[] grey = share[1];
            byte[] white = share[2];
            int row = grid.nx();
            int plane = grid.nx() * grid.ny();
            // In place and in order: a block uses the new values of its preceding neighbours.
            for (int k = 1; k < grid.nz() - 1; k++) {
                for (int j = 1; j < grid.ny() - 1; j++) {
                    for (int i = 1; i < grid.nx() - 1; i++) {
                        int v = grid.index(i, j, k);
                        if (!(image[v] > 0)) {
                            continue;
                        }
                        int b = bin(image[v]);
                        double p0 = density[0][b];
                        double p1 = density[1][b];
                        double p2 = density[2][b];
                        if (neighbours) {
                            p0 *= perNeighbour[around(csf, v, row, plane)];
                            p1 *= perNeighbour[around(grey, v, row, plane)];
                            p2 *= perNeighbour[around(white, v, row, plane)];
                        }
                        double scale = SURE / (p0 + p1 + p2);
                        int q1 = (int) (p1 * scale + 0.5);
                        int q2 = Math.min(SURE - q1, (int) (p2 * scale + 0.5));
                        int q0 = SURE - q1 - q2;
                        csf[v] = (byte) q0;
                        grey[v] = (byte) q1;
                        white[v] = (byte) q2;
                        histogram[0][b] += q0;
                        histogram[1][b] += q1;
                        histogram[2][b] += q2;
                        if (moves && b < BINS - 1) {
                            int cell = field.cell(i, j, k);
                            double a1 = q1 * precision[1];
                            double a2 = q2 * precision[2];
                            weighted[cell] += (float) (a1 * left[1][b] + a2 * left[2][b]);
                            weights[cell] += (float) (a1 + a2);
                        }
                    }
                }
            }
            if (moves) {
                // The field leaves the classes' means where they are, so they are computed before it moves.
                maximise();
                double level = mean[2];
                field.move(image, weighted, weights, level);
                for (int c = 0; c < CLASSES; c++) {
                    sd[c] = Math.max(LEAST_SD, sd[c] / level);
                    mean[c] /= level;
                }
            } else if (neighbours) {
                maximise();
            }
        }

        private static double square(double x) {
            return x * x;
        }

        private static int around(byte[] q, int v, int row, int plane) {
            return (q[v - 1] & SURE)
                    + (q[v + 1] & SURE)
                    + (q[v - row] & SURE)
                    + (q[v + row] & SURE)
                    + (q[v - plane] & SURE)
                    + (q[v + plane] & SURE);
        }

        private TissueSegmentation result() {
            double[] levels = new double[BINS - 1];
            for (int b = 0; b < levels.length; b++) {
                levels[b] = level(b);
            }
            ClassSummary[] summaries = new ClassSummary[CLASSES];
            double[] fraction = new double[CLASSES];
            double all = 0;
            for (int c = 0; c < CLASSES; c++) {
                double[] weights = new double[levels.length];
                for (int b = 0; b < weights.length; b++) {
                    weights[b] = histogram[c][b] / SURE;
                    fraction[c] += weights[b];
                }
                all += fraction[c];
                summaries[c] = ClassSummary.of(levels, weights);
            }
            double[] m = new double[CLASSES];
            double[] s = new double[CLASSES];
            for (int c = 0; c < CLASSES; c++) {
                fraction[c] /= all;
                m[c] = summaries[c].mean();
                s[c] = Math.max(LEAST_SD, summaries[c].sd());
            }
            return new TissueSegmentation(m, s, summaries, fraction, mixed(), labels(), (int) Math.round(all));
        }

        private double[] mixed() {
            double[] mixed = new double[CLASSES];
            for (int c = 0; c < CLASSES; c++) {
                double sum = 0;
                double n = 0;
                for (byte q : share[c]) {
                    double p = (q & SURE) / (double) SURE;
                    if (p >= LEAST_SHARE) {
                        sum += 2 * Math.min(p, 1 - p);
                        n++;
                    }
                }
                mixed[c] = sum / Math.max(1, n);
            }
            return mixed;
        }

        private byte[] labels() {
            byte[] labels = new byte[image.length];
            for (int v = 0; v < labels.length; v++) {
                if (image[v] > 0) {
                    int q0 = share[0][v] & SURE;
                    int q1 = share[1][v] & SURE;
                    int q2 = share[2][v] & SURE;
                    labels[v] = (byte) (q2 >= q1 && q2 >= q0 ? 3 : q1 >= q0 ? 2 : 1);
                }
            }
            return labels;
        }
    }

    /** |mu2 - mu1| / sqrt(s1^2 + s2^2) of the two brighter classes. */
    double separation() {
        return Math.abs(mean[2] - mean[1]) / Math.sqrt(sd[1] * sd[1] + sd[2] * sd[2]);
    }

    /** Whether the classes are apart, in order, and their fractions those of a brain. */
    boolean confident() {
        return separation() >= LEAST_SEPARATION
                && mean[0] < 0.88 * mean[1]
                && within(mean[1] / mean[2], 0.5, 0.92)
                && within(fraction[0], 0.05, 0.40)
                && within(fraction[1], 0.25, 0.65)
                && within(fraction[2], 0.15, 0.55);
    }

    private static boolean within(double v, double low, double high) {
        return v >= low && v <= high;
    }
}
