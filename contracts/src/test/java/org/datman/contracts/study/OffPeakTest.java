package org.datman.contracts.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OffPeakTest {

    private static final ZoneId TORONTO = ZoneId.of("America/Toronto");

    @ParameterizedTest
    @CsvSource({
        // Wednesday the 4th of November 2026; Toronto is 5 h behind UTC since the 1st.
        "19:00-07:00, false, 2026-11-04T23:59:59Z, 2026-11-05T00:00:00Z",
        "19:00-07:00, false, 2026-11-05T00:00:00Z, 2026-11-05T00:00:00Z",
        "19:00-07:00, false, 2026-11-05T11:59:59Z, 2026-11-05T11:59:59Z",
        "19:00-07:00, false, 2026-11-05T12:00:00Z, 2026-11-06T00:00:00Z",
        "09:30-17:00, false, 2026-11-05T22:00:00Z, 2026-11-06T14:30:00Z",
        // From Friday noon: the evening; with weekends and short nights, Saturday's midnight.
        "19:00-07:00, true, 2026-11-06T17:00:00Z, 2026-11-07T00:00:00Z",
        "03:00-04:00, true, 2026-11-06T17:00:00Z, 2026-11-07T05:00:00Z",
        "03:00-04:00, true, 2026-11-08T23:00:00Z, 2026-11-08T23:00:00Z",
        "03:00-04:00, false, 2026-11-08T23:00:00Z, 2026-11-09T08:00:00Z",
        // An hour that does not exist on the 8th of March 2026.
        "02:15-02:45, false, 2026-03-08T06:50:00Z, 2026-03-09T06:15:00Z",
    })
    void aRunMayStartInTheHoursOfTheZone(String hours, boolean weekends, Instant now, Instant expected) {
        // Given
        OffPeak offPeak = OffPeak.of(hours, weekends, TORONTO);

        // When
        Instant next = offPeak.next(now);

        // Then
        assertThat(next).isEqualTo(expected);
        assertThat(offPeak.contains(next)).isTrue();
        assertThat(offPeak.contains(now)).isEqualTo(now.equals(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"19:00", "19:00-", "7pm-7am", "19:00-07:00-09:00", "24:00-07:00", "07:00-07:00"})
    void whatIsNoTwoTimesOfDayIsRefused(String hours) {
        // When
        Throwable refused = catchThrowable(() -> OffPeak.of(hours, false, TORONTO));

        // Then
        assertThat(refused).isInstanceOf(IllegalArgumentException.class);
    }
}
