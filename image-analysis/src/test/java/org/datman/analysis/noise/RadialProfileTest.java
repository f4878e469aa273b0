package org.datman.analysis.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RadialProfileTest {

    @Test
    void whiteNoiseIsFlatAndAWaveStandsOutInItsRing() {
        // Given the power of 20 spectra of white noise on 64 x 48 voxels of 3 mm, and a wave at 12 cycles along x
        SplittableRandom random = new SplittableRandom(8);
        float[] power = new float[64 * 48];
        for (int i = 0; i < power.length; i++) {
            for (int n = 0; n < 20; n++) {
                power[i] += (float) (-Math.log(1 - random.nextDouble()) / 20);
            }
        }
        power[12] = 40;

        // When
        RadialProfile profile = RadialProfile.of(power, 64, 48, 3, 3);

        // Then
        int ring = (int) (12 / (64 * 3.0) / (1 / (48 * 3.0)));
        for (int r = 2; r < profile.mean().length; r++) {
            assertThat(profile.mean()[r]).isCloseTo(r == ring ? profile.mean()[r] : 1, within(0.12));
            assertThat(profile.largest()[r] > 10).isEqualTo(r == ring);
        }
        assertThat(profile.perMm()[ring]).isCloseTo(12 / (64 * 3.0), within(0.004));
    }
}
