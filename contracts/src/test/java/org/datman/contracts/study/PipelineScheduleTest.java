package org.datman.contracts.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.datman.contracts.event.PipelinePaused;
import org.datman.contracts.event.PipelinePaused.Decision;
import org.datman.contracts.event.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelineScheduleTest {

    private static final Instant NOON = Instant.parse("2026-11-05T12:00:00Z");
    private static final OffPeak NIGHT = OffPeak.of("19:00-07:00", true, ZoneId.of("UTC"));

    @ParameterizedTest
    @CsvSource({
        "2026-11-05T20:00:00Z, 1, RESUMED, ''",
        "2026-11-05T20:00:00Z, 2, RESUMED, limit-reached",
        "2026-11-05T12:00:00Z, 1, RESUMED, outside-hours",
        "2026-11-05T20:00:00Z, 1, PAUSED, paused",
        "2026-11-05T12:00:00Z, 2, PAUSED, paused",
    })
    void aQueuedRunWaitsForPauseHoursAndLimit(Instant now, long underWay, Decision decision, String expected) {
        // Given
        PipelineSchedule schedule = new PipelineSchedule(0, 2, NIGHT);
        PipelinePaused paused = new PipelinePaused("SPN01", "dti", decision, "Maintenance", "jdoe", NOON);

        // When
        Optional<Reason> waits = schedule.waitsFor(now, underWay, paused);

        // Then
        assertThat(waits.map(Reason::code).orElse("")).isEqualTo(expected);
    }

    @Test
    void itIsSaidFromWhenRunsStartAndWhoPausedThem() {
        // Given
        PipelineSchedule schedule = new PipelineSchedule(0, null, NIGHT);
        PipelinePaused paused = new PipelinePaused("SPN01", "dti", Decision.PAUSED, "Maintenance", "jdoe", NOON);

        // When
        String hours = schedule.waitsFor(NOON, 0, null).orElseThrow().message();
        String pause = schedule.waitsFor(NOON, 0, paused).orElseThrow().message();

        // Then
        assertThat(hours)
                .isEqualTo(
                        "Runs of its pipeline start at 19:00-07:00 and on weekends (UTC), the next one from 2026-11-05T19:00:00Z");
        assertThat(pause).isEqualTo("Its pipeline is paused by jdoe on 2026-11-05 ('Maintenance')");
    }

    @Test
    void withoutARuleNothingIsWaitedFor() {
        // When
        Optional<Reason> waits = PipelineSchedule.ALWAYS.waitsFor(NOON, 1000, null);

        // Then
        assertThat(waits).isEmpty();
    }
}
