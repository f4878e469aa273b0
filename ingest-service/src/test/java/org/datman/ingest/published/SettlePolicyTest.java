package org.datman.ingest.published;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettlePolicyTest {

    private static final Instant START = Instant.parse("2024-03-05T10:00:00Z");
    private final SettlePolicy policy = new SettlePolicy(Duration.ofMinutes(10), Duration.ofHours(1));

    @ParameterizedTest(name = "changed after {0} min: settles after {1} min, timed out: {2}")
    @CsvSource({"0, 10, false", "30, 40, false", "50, 60, false", "55, 60, true", "59, 60, true"})
    void quietOrTheCapWhicheverComesFirst(int change, int deadline, boolean timedOut) {
        // Given
        Instant lastChange = START.plus(Duration.ofMinutes(change));

        // When
        Instant at = policy.deadline(lastChange, START.plus(policy.cap()));

        // Then
        assertThat(at).isEqualTo(START.plus(Duration.ofMinutes(deadline)));
        assertThat(policy.timedOut(lastChange, at)).isEqualTo(timedOut);
    }
}
