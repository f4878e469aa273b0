package org.datman.analysis.spike;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Masks;
import org.datman.analysis.testkit.Fixtures;
import org.datman.synthetic.Anatomy;
import org.datman.synthetic.Grid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** <a href="{@docRoot}/../docs/qc-specification.md#A.5.1">A.5.1</a> in one image. */
class HerringboneTest {

    private static final Grid GRID = Grid.axial(96, 96, 40, 2.4, 2.4, 5);
    private static final double SIGMA = 8;

    private static float[] head(long seed) {
        return Anatomy.of(GRID).sigma(SIGMA).seed(seed).volume();
    }

    private static Mask air(float[] image) {
        return Masks.air(Masks.head(Fixtures.grid(GRID), image));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 21})
    void aWaveOverTheImageIsFoundInTheAir(int slice) {
        // Given a plane wave of one sigma over one slice, or over all
        float[] image = head(1);
        for (int k = 0; k < 40; k++) {
            for (int at = 0; (slice < 0 || k == slice) && at < 96 * 96; at++) {
                image[k * 96 * 96 + at] +=
                        (float) (SIGMA * Math.cos(2 * Math.PI * (22 * (at % 96) - 13 * (at / 96)) / 96));
            }
        }

        // When the air is searched
        Herringbone found = Herringbone.of(Fixtures.grid(GRID), image, air(image), 2);

        // Then it is found where it is, with its amplitude
        assertThat(found.score()).isGreaterThan(found.limit());
        assertThat(found.kx()).isEqualTo(22);
        assertThat(found.ky()).isEqualTo(-13);
        assertThat(found.amplitude()).isCloseTo(SIGMA, within(.25 * SIGMA));
        assertThat(slice < 0 || found.slice() == slice).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noiseIsNoWave(long seed) {
        // Given a clean head
        float[] image = head(seed);

        // When the air is searched
        Herringbone found = Herringbone.of(Fixtures.grid(GRID), image, air(image), 2);

        // Then nothing is found
        assertThat(found.score()).isLessThan(found.limit());
    }

    @Test
    void withoutAirNothingIsReported() {
        // Given an image without air
        float[] image = head(1);
        Mask none = new Mask(Fixtures.grid(GRID), new boolean[image.length], "air");

        // When it is searched
        Herringbone found = Herringbone.of(Fixtures.grid(GRID), image, none, 2);

        // Then there is no score
        assertThat(found.score()).isNaN();
    }
}
