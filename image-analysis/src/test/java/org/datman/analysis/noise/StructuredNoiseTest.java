package org.datman.analysis.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.datman.analysis.image.Grid;
import org.datman.analysis.mask.Mask;
import org.junit.jupiter.api.Test;

/** Scenarios of <a href="{@docRoot}/../docs/qc-specification.md#A.5.3">A.5.3</a> to <a href="{@docRoot}/../docs/qc-specification.md#A.5.7">A.5.7</a> and <a href="{@docRoot}/../docs/qc-specification.md#F43">F43</a>. */
class StructuredNoiseTest {

    private final SplittableRandom random = new SplittableRandom(9);

    private double[] slices(int n) {
        double[] sd = new double[n];
        Arrays.setAll(sd, z -> (10 + 0.2 * z) * (1 + 0.02 * random.nextGaussian()));
        return sd;
    }

    @Test
    void noiseOfOddSlicesIsSeenOnASlope() {
        // Given slices whose noise rises along the stack, and odd ones with 20 % more of it
        double[] sd = slices(40);
        double clean = StructuredNoise.oddOverEven(sd);
        for (int z = 1; z < 40; z += 2) {
            sd[z] *= 1.2;
        }

        // When odd and even slices are compared
        double ratio = StructuredNoise.oddOverEven(sd);

        // Then their power differs by 1.44, and did not before
        assertThat(clean).isCloseTo(1, within(0.04));
        assertThat(ratio).isCloseTo(1.44, within(0.06));
        assertThat(StructuredNoise.oddOverEven(new double[] {1, 2, 1})).isNaN();
    }

    @Test
    void slicesThatAreExcitedTogetherShareTheirNoise() {
        // Given 40 slices in groups of 4, one group with 15 % more noise
        double[] sd = slices(40);
        double clean = StructuredNoise.groupF(sd, 4);
        for (int z = 3; z < 40; z += 10) {
            sd[z] *= 1.15;
        }

        // When groups are compared
        double f = StructuredNoise.groupF(sd, 4);

        // Then the variance between groups is significant, and was not before
        assertThat(clean).isLessThan(4);
        assertThat(f).isGreaterThan(12);
        assertThat(StructuredNoise.groupF(sd, 1)).isNaN();
    }

    @Test
    void whiteNoiseIsFlatHoweverManySpectraAreAveraged() {
        // Given mean spectra of 1 and of 20 slices of noise, and one with a hump
        float[] one = spectrum(1);
        float[] many = spectrum(20);
        float[] hump = many.clone();
        for (int y = 0; y < 64; y++) {
            for (int x = 14; x < 18; x++) {
                hump[y * 64 + x] *= 30;
            }
        }

        // When flatness is taken
        double flatness = StructuredNoise.flatness(many, 64, 64, 20);

        // Then noise has 1 and the hump less
        assertThat(flatness).isCloseTo(1, within(0.02));
        assertThat(StructuredNoise.flatness(one, 64, 64, 1)).isCloseTo(1, within(0.08));
        assertThat(StructuredNoise.flatness(hump, 64, 64, 20)).isLessThan(0.5);
    }

    private float[] spectrum(int slices) {
        float[] power = new float[64 * 64];
        for (int i = 0; i < power.length; i++) {
            for (int s = 0; s < slices; s++) {
                power[i] -= (float) (Math.log(1 - random.nextDouble()) / slices);
            }
        }
        return power;
    }

    @Test
    void ringingBesideAnEdgeIsSeenAndNoiseIsNot() {
        // Given a block with noise around it, and the same with a wave of two voxels beside its edge
        Grid grid = Grid.ras(64, 40, 6, 3, 3, 3);
        float[] image = new float[grid.size()];
        boolean[] in = new boolean[grid.size()];
        for (int v = 0; v < image.length; v++) {
            int i = v % 64;
            in[v] = i >= 20 && i < 44 && v / 64 % 40 >= 5 && v / 64 % 40 < 35;
            image[v] = (float) ((in[v] ? 1000 : 50) + 10 * random.nextGaussian());
        }
        Mask head = new Mask(grid, in, "head");
        float[] ringing = image.clone();
        for (int v = 0; v < image.length; v++) {
            int i = v % 64;
            if (!in[v] && v / 64 % 40 >= 5 && v / 64 % 40 < 35) {
                int d = i < 20 ? 20 - i : i - 43;
                ringing[v] += (float) (90.0 / d * (d % 2 == 0 ? 1 : -1));
            }
        }

        // When the air beside the edge is tested
        double index = StructuredNoise.ringing(grid, ringing, head, 0);

        // Then ringing is there, and not in noise
        assertThat(index).isGreaterThan(0.4);
        assertThat(StructuredNoise.ringing(grid, image, head, 0)).isCloseTo(0, within(0.08));
    }

    @Test
    void gapsInTheHistogramAreSeen() {
        // Given air stored in every whole number up to 39, and in every second one
        float[] fine = new float[4000];
        float[] coarse = new float[4000];
        for (int i = 0; i < fine.length; i++) {
            fine[i] = 0.5f * (i % 40);
            coarse[i] = 0.5f * 2 * (i % 20);
        }

        // When levels are counted
        StructuredNoise.Levels levels = StructuredNoise.levels(coarse, 0.5, 0);

        // Then half of the numbers never occur
        assertThat(levels.distinct()).isEqualTo(20);
        assertThat(levels.comb()).isCloseTo(0.5, within(0.03));
        assertThat(StructuredNoise.levels(fine, 0.5, 0)).isEqualTo(new StructuredNoise.Levels(40, 0));
    }
}
