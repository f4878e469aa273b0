package org.datman.analysis.timeseries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MeanPowerTest {

    @Test
    void aPumpIsALineAtItsFrequencyAboveWhiteNoise() {
        // Given rows of white noise of variance 9, with a hum of 0.2 Hz and a drift, at a TR of 2 s
        SplittableRandom random = new SplittableRandom(3);
        float[][] rows = new float[120][84];
        for (float[] row : rows) {
            double phase = random.nextDouble() * 2 * Math.PI;
            for (int t = 0; t < row.length; t++) {
                row[t] = (float)
                        (500 + 0.2 * t + 3 * random.nextGaussian() + 2 * Math.sin(2 * Math.PI * 0.2 * 2 * t + phase));
            }
        }

        // When their power is taken from volume 4 on
        MeanPower power = MeanPower.of(rows, 4, 2);

        // Then noise has 2 v TR, and the line is at 0.2 Hz with 4 / 2 times the duration more
        int best = 0;
        for (int f = 0; f < power.hz().length; f++) {
            best = power.density()[f] > power.density()[best] ? f : best;
        }
        double[] rest = Arrays.stream(power.density()).sorted().toArray();
        assertThat(power.hz()[best]).isCloseTo(0.2, within(1e-9));
        assertThat(power.density()[best]).isCloseTo(2 * 160 + 36, within(30.0));
        assertThat(rest[rest.length / 2]).isCloseTo(36, within(2.0));
        assertThat(MeanPower.of(rows, 4, Double.NaN)).isNull();
    }
}
