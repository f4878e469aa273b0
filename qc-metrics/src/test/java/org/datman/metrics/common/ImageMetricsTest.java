package org.datman.metrics.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Smooth;
import org.datman.analysis.mask.Mask;
import org.junit.jupiter.api.Test;

class ImageMetricsTest {

    private static final Grid GRID = Grid.ras(40, 36, 32, 2, 2, 3);

    @Test
    void chiMomentsAgreeWithTheTable() {
        // When
        double[] sd = {ChiNoise.sd(1), ChiNoise.sd(2), ChiNoise.sd(4), ChiNoise.sd(8), ChiNoise.sd(16), ChiNoise.sd(32)
        };

        // Then: qc specification docs/qc-specification.md#A.0.4
        double[] table = {.6551, .6824, .6953, .7014, .7043, .7057};
        for (int n = 0; n < table.length; n++) {
            assertThat(sd[n]).isCloseTo(table[n], within(6e-5));
        }
        assertThat(ChiNoise.coils(ChiNoise.mean(8) / ChiNoise.sd(8))).isCloseTo(8, within(1e-6));
    }

    @Test
    void entropyIsZeroForOneVoxelAndOneForAFlatImage() {
        // Given
        float[] one = new float[4096];
        one[77] = 5;
        float[] flat = new float[4096];
        Arrays.fill(flat, 3);

        // When
        double[] efc = {ImageMetrics.efc(one, null), ImageMetrics.efc(flat, null)};

        // Then
        assertThat(efc[0]).isCloseTo(0, within(1e-9));
        assertThat(efc[1]).isCloseTo(1, within(1e-9));
    }

    @Test
    void smoothnessOfSmoothedNoiseIsItsKernel() {
        // Given: white noise smoothed with a Gaussian of 8 mm
        Random random = new Random(9);
        float[] noise = new float[GRID.size()];
        for (int v = 0; v < noise.length; v++) {
            noise[v] = (float) random.nextGaussian();
        }
        boolean[] all = new boolean[noise.length];
        Arrays.fill(all, true);

        // When
        double[] fwhm = ImageMetrics.fwhm(GRID, Smooth.gaussian(GRID, noise, 8), new Mask(GRID, all, "all"));

        // Then
        assertThat(fwhm[0]).isCloseTo(8, within(0.6));
        assertThat(fwhm[1]).isCloseTo(8, within(0.6));
        assertThat(fwhm[2]).isCloseTo(8, within(0.6));
    }

    @Test
    void ghostToSignalIsItsFormula() {
        // Given: an object of 100 on rows 4 to 11 of 32, its ghost of 7 half a field of view away, air of 2
        Grid grid = Grid.ras(8, 32, 4, 1, 1, 1);
        float[] image = new float[grid.size()];
        boolean[] in = new boolean[image.length];
        for (int v = 0; v < image.length; v++) {
            int j = v / 8 % 32;
            in[v] = j >= 4 && j < 12;
            image[v] = in[v] ? 100 : j >= 20 && j < 28 ? 7 : 2;
        }

        // When
        double gsr = ImageMetrics.gsr(image, new Mask(grid, in, "m"), 1, false);

        // Then
        assertThat(gsr).isCloseTo(0.05, within(1e-9));
    }
}
