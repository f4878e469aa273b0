package org.datman.metrics.bold;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.datman.metrics.spike.KSpaceSpikes;
import org.datman.metrics.spike.KSpaceSpikes.Spike;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When spikes make a rate that a run may be judged by. */
class SpikeRateTest {

    @ParameterizedTest
    @CsvSource({
        "960, 0, 1, false",
        "960, 1, 1, true",
        "960, 1, 3, true",
        "960, 2, 1, false",
        "1999, 1, 1, true",
        "2000, 1, 1, false",
    })
    void oneEventInAShortRunIsNoRate(int tested, int slices, int samplesEach, boolean tooFew) {
        // Given: spikes in so many slices of volume 7, several samples in each
        var spikes = IntStream.range(0, slices * samplesEach)
                .mapToObj(n -> new Spike(7, n / samplesEach, 20 + n, 9, 30, 25))
                .toList();
        KSpaceSpikes found = new KSpaceSpikes(spikes, tested, 0, null);

        // When
        boolean result = RunChecks.tooFewForARate(found);

        // Then
        assertThat(result).isEqualTo(tooFew);
    }
}
