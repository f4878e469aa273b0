package org.datman.metrics.bold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
 * Numbers of AFNI (<a href="{@docRoot}/../docs/qc-specification.md#F62">F62</a>), on small arrays. They were recorded once from AFNI's own functions, compiled alone (gcc -O1, x86-64) and
 * fed with these arrays, because no package of AFNI can be installed in CI: the loop of {@code 3dToutcount.c} (commit 01afa0ed) with
 * {@code qginv} of {@code mri_stats.c} (0e765333) and {@code qmed_float} of {@code cs_qmed.c} (0308bc71); the rank correlation of
 * {@code 3dTqual.c} (066a3155); {@code THD_cliplevel} for floats (10ac1eac); {@code mri_estimate_FWHM_1dif} (06c7aea7).
 */
class AfniParityTest {

    private static final Grid GRID = Grid.ras(14, 12, 8, 3, 3, 4);
    private static final int VOLUMES = 31;

    @Test
    void outliersOfAVolumeAreThoseOf3dToutcount() {
        // Given: noise, some voxels with jumps of their own
        float[][] run = run(1);
        Mask mask = mask();
        int[] counted = {
            11, 14, 14, 9, 12, 9, 12, 11, 10, 13, 14, 11, 11, 13, 12, 13, 11, 13, 11, 15, 8, 13, 15, 12, 13, 13, 10, 11,
            9, 14, 11
        };

        // When
        double[] found = Temporal.of(series(run), mask, 0, 2, 2).aor;

        // Then
        assertThat(Arrays.stream(found).map(aor -> aor * mask.count()).toArray())
                .containsExactly(Arrays.stream(counted).asDoubleStream().toArray(), within(1e-5));
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
            Arrays.sort(x);
            median[v] = (float) x[VOLUMES / 2];
        }
        double[] printed = {
            0.0374995, 0.0380798, 0.0400735, 0.0356577, 0.0395154, 0.0390091, 0.0291108, 0.0369291, 0.0439301, 0.032593,
            0.0380399, 0.0345187, 0.0312964, 0.0375211, 0.0365707, 0.0375577, 0.04475, 0.0300721, 0.0425707, 0.0362224,
            0.0276907, 0.0345288, 0.0413594, 0.0344048, 0.0426939, 0.0370999, 0.0401013, 0.0389695, 0.0311729,
                    0.0393808,
            0.0412037
        };

        // When
        double[] found = SimilarityToMedian.index(series(run), mask, median);

        // Then
        assertThat(found).containsExactly(printed, within(1e-5));
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

        // Then
        assertThat(found).isEqualTo(2503);
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

        // Then: mm along x, y, z
        assertThat(Arrays.copyOf(found, 3)).containsExactly(new double[] {17.34558, 5.397799, 4.188138}, within(2e-5));
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
}
