package org.datman.metrics.anat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.datman.metrics.common.ChiNoise;
import org.junit.jupiter.api.Test;

class AirHistogramTest {

    private static float[] rayleigh(int n, double sigma, double whole) {
        SplittableRandom random = new SplittableRandom(2);
        float[] air = new float[n];
        for (int i = 0; i < n; i++) {
            double value = sigma * Math.hypot(random.nextGaussian(), random.nextGaussian());
            air[i] = (float) (whole > 0 ? whole * Math.rint(value / whole) : value);
        }
        return air;
    }

    @Test
    void airOfOneCoilHasRayleighsDensity() {
        // Given
        float[] air = rayleigh(60_000, 7, 0);

        // When
        AirHistogram histogram = AirHistogram.of(air);

        // Then density and fit are those of Rayleigh but for the kernel's width, and their area is one
        double area = 0;
        for (int p = 1; p < histogram.intensity().length; p++) {
            double x = histogram.intensity()[p];
            area += histogram.density()[p] * (x - histogram.intensity()[p - 1]);
            if (x > 7) {
                assertThat(histogram.density()[p]).isCloseTo(ChiNoise.density(x / 7, 1) / 7, within(0.004));
                assertThat(histogram.fitted()[p]).isCloseTo(histogram.density()[p], within(0.009));
            }
        }
        assertThat(area).isCloseTo(1, within(0.03));
    }

    @Test
    void aGhostIsAHumpThatTheFitDoesNotFollow() {
        // Given one voxel in twelve under a ghost of 6 sigma
        float[] air = rayleigh(60_000, 7, 0);
        double clean = AirHistogram.of(air).misfit();
        for (int i = 0; i < air.length; i += 12) {
            air[i] += 42;
        }

        // When
        AirHistogram histogram = AirHistogram.of(air);

        // Then
        assertThat(histogram.misfit()).isGreaterThan(1.5 * clean);
    }

    @Test
    void wholeNumbersDoNotGiveTheFitAPole() {
        // Given noise of a few storage steps
        float[] air = rayleigh(60_000, 5, 1);

        // When
        AirHistogram histogram = AirHistogram.of(air);

        // Then the fitted density stays as low as the air's
        for (double fitted : histogram.fitted()) {
            assertThat(fitted).isLessThan(0.3);
        }
    }
}
