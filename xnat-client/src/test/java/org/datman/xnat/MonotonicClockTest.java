package org.datman.xnat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MonotonicClockTest {

    @Test
    void itStartsAtZeroAndCountsRealTimeForwards() {
        // Given
        long begun = System.nanoTime();
        MonotonicClock clock = new MonotonicClock();
        List<Instant> read = new ArrayList<>();

        // When
        for (int i = 0; i < 1000; i++) {
            read.add(clock.instant());
        }

        // Then
        Duration real = Duration.ofNanos(System.nanoTime() - begun);
        assertThat(read).isSorted();
        assertThat(read.get(0)).isAfterOrEqualTo(Instant.EPOCH);
        assertThat(read.get(999)).isBetween(read.get(0).plusNanos(1), Instant.EPOCH.plus(real));
    }

    @Test
    void itHasNoZoneButUtc() {
        // Given
        MonotonicClock clock = new MonotonicClock();

        // When, Then
        assertThat(clock.getZone()).isEqualTo(ZoneOffset.UTC);
        assertThatThrownBy(() -> clock.withZone(ZoneOffset.ofHours(1)))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
