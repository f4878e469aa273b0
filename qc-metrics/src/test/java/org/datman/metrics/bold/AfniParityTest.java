package org.datman.metrics.bold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Series;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Threshold;
import org.datman.metrics.common.ImageMetrics;
import org.junit.jupiter.api.Test;

/**
 * What AFNI's programs compute (F62), on small arrays, against the formulas of the specification (A.0.3, A.1.1, A.2) written down
 * here a second time in the plainest way: sorting, lists and doubles, nothing shared with the product.
 */
class AfniParityTest {

    private static final Grid GRID = Grid.ras(14, 12, 8, 3, 3, 4);
    private static final int VOLUMES = 31;

    @Test
    void outliersOfAVolumeAreThoseOf3dToutcount() {
        // Given: noise, some voxels with jumps of their own
        float[][] run = run(1);
        Mask mask = mask();

        // When
        double[] found = Temporal.of(series(run), mask, 0, 2, 2).aor;

        // Then: |x - median| > qginv(0.001 / T) sqrt(pi / 2) MAD; 3.99565 is the normal quantile of 0.001 / 31
        double factor = 3.99565316681697 * Math.sqrt(Math.PI / 2);
        double[] expected = new double[VOLUMES];
        for (int v : mask.indices()) {
            double[] x = new double[VOLUMES];
            Arrays.setAll(x, t -> run[t][v]);
            double median = median(x);
            double[] away = Arrays.stream(x).map(y -> Math.abs(y - median)).toArray();
            double limit = factor * median(away);
            for (int t = 0; t < VOLUMES; t++) {
                expected[t] += away[t] > limit ? 1.0 / mask.count() : 0;
            }
        }
        assertThat(Arrays.stream(expected).sum()).isGreaterThan(0.1);
        assertThat(found).containsExactly(expected, within(1e-5));
    }

    @Test
    void similarityToTheMedianIsThatOf3dTqual() {
        // Given: whole numbers, so that ranks tie
        float[][] run = run(2);
        for (float[] volume : run) {
            for (int v = 0; v < volume.length; v++) {
                volume[v] = Math.round(volume[v] / 4);
            }
        }
        Mask mask = mask();
        float[] median = new float[GRID.size()];
        for (int v = 0; v < median.length; v++) {
            int at = v;
            double[] x = new double[VOLUMES];
            Arrays.setAll(x, t -> run[t][at]);
            median[v] = (float) median(x);
        }

        // When
        double[] found = SimilarityToMedian.index(series(run), mask, median);

        // Then: 1 - correlation of ranks, ties sharing their mean rank
        double[] reference = ranks(mask.values(median));
        double[] expected = new double[VOLUMES];
        Arrays.setAll(expected, t -> 1 - correlation(ranks(mask.values(run[t])), reference));
        assertThat(found).containsExactly(expected, within(1e-5));
    }

    @Test
    void clipLevelIsThatOf3dClipLevel() {
        // Given: whole numbers of which 10000 is the largest, so that each is its own bin of the histogram
        Random random = new Random(3);
        float[] image = new float[6000];
        for (int v = 0; v < image.length; v++) {
            boolean object = v % 3 != 0;
            image[v] = Math.round(Math.abs(object ? 5000 + 900 * random.nextGaussian() : 300 * random.nextGaussian()));
        }
        image[17] = 10000;

        // When
        double found = Threshold.clipLevel(image, 0.5);

        // Then: the fixed point of cut = half the median of what is not below cut, from a cut above the background
        List<Integer> sorted = new ArrayList<>();
        for (float v : image) {
            if (v > 0 && v < 10000) {
                sorted.add((int) v);
            }
        }
        sorted.sort(null);
        int cut = 2000;
        for (int round = 0; round < 66; round++) {
            int from = cut;
            List<Integer> above = sorted.stream().filter(v -> v >= from).toList();
            cut = (above.get(above.size() / 2 - 1) + 1) / 2;
        }
        assertThat(cut).isBetween(2200, 2700);
        assertThat(found).isCloseTo(cut, within(1e-5 * cut));
    }

    @Test
    void smoothnessIsThatOf3dFwhmx() {
        // Given: noise, smooth along x and y
        float[][] run = run(4);
        float[] image = run[0].clone();
        for (int v = 200; v < image.length; v++) {
            image[v] = (run[0][v] + 0.8f * run[0][v - 1] + 0.5f * run[0][v - 14] + 0.3f * run[0][v - 168]) / 2;
        }
        Mask mask = mask();

        // When
        double[] found = ImageMetrics.fwhm(GRID, image, mask);

        // Then: r = 1 - var(differences) / (2 var), FWHM = 2.3548 d sqrt(-1 / (4 ln r))
        int[][] steps = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
        double[] spacing = {3, 3, 4};
        double[] all = doubles(mask.values(image));
        for (int axis = 0; axis < 3; axis++) {
            List<Double> differences = new ArrayList<>();
            for (int k = 0; k + steps[axis][2] < 8; k++) {
                for (int j = 0; j + steps[axis][1] < 12; j++) {
                    for (int i = 0; i + steps[axis][0] < 14; i++) {
                        int a = GRID.index(i, j, k);
                        int b = GRID.index(i + steps[axis][0], j + steps[axis][1], k + steps[axis][2]);
                        if (mask.in()[a] && mask.in()[b]) {
                            differences.add((double) image[b] - image[a]);
                        }
                    }
                }
            }
            double[] d = differences.stream().mapToDouble(x -> x).toArray();
            double r = 1 - variance(d) / (2 * variance(all));
            double expected = Math.sqrt(8 * Math.log(2)) * spacing[axis] * Math.sqrt(-1 / (4 * Math.log(r)));
            assertThat(found[axis]).isCloseTo(expected, within(1e-5 * expected));
        }
    }

    private static float[][] run(long seed) {
        Random random = new Random(seed);
        float[][] run = new float[VOLUMES][GRID.size()];
        for (int t = 0; t < VOLUMES; t++) {
            for (int v = 0; v < GRID.size(); v++) {
                boolean jump = (v + 7 * t) % 97 == 0;
                run[t][v] = (float) (500 + 3 * (v % 50) + 10 * random.nextGaussian() + (jump ? 90 : 0));
            }
        }
        return run;
    }

    private static Series series(float[][] run) {
        return Series.of(GRID, List.of(run));
    }

    private static Mask mask() {
        boolean[] in = new boolean[GRID.size()];
        for (int v = 0; v < in.length; v++) {
            double x = v % 14 - 6.5;
            double y = v / 14 % 12 - 5.5;
            in[v] = x * x / 36 + y * y / 25 < 1;
        }
        return new Mask(GRID, in, "disc");
    }

    private static double median(double[] x) {
        double[] sorted = x.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }

    private static double[] ranks(float[] x) {
        double[] out = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int below = 0;
            int same = 0;
            for (float other : x) {
                below += other < x[i] ? 1 : 0;
                same += other == x[i] ? 1 : 0;
            }
            out[i] = below + (same + 1) / 2.0;
        }
        return out;
    }

    private static double correlation(double[] a, double[] b) {
        double ma = Arrays.stream(a).average().orElseThrow();
        double mb = Arrays.stream(b).average().orElseThrow();
        double ab = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - ma) * (b[i] - mb);
        }
        return ab / Math.sqrt(variance(a) * variance(b)) / (a.length - 1);
    }

    private static double variance(double[] x) {
        double mean = Arrays.stream(x).average().orElseThrow();
        return Arrays.stream(x).map(y -> (y - mean) * (y - mean)).sum() / (x.length - 1);
    }

    private static double[] doubles(float[] x) {
        double[] out = new double[x.length];
        Arrays.setAll(out, i -> x[i]);
        return out;
    }
}
