package org.datman.platform.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.StartupEvent;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.PipelinePaused;
import org.junit.jupiter.api.Test;

class EventMetersTest {

    private static final Instant PUBLISHED = Instant.parse("2026-11-30T10:00:00Z");

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final EventMeters meters = new EventMeters(metrics);

    @Test
    void theAgeOfAnEventCountsFromItsPublicationAndTheHandlingFromItsBegin() {
        // Given an event that waited for 90 seconds, and one of a clock that is ahead
        PipelinePaused event =
                new PipelinePaused("DEMO", "dti", PipelinePaused.Decision.PAUSED, "maintenance", "manager", PUBLISHED);
        Envelope<?> waited = Envelope.first(event, "dashboard", PUBLISHED);
        Envelope<?> ahead = Envelope.first(event, "dashboard", PUBLISHED.plusSeconds(900));

        // When
        meters.handled(waited, 2_000_000_000L, PUBLISHED.plusSeconds(90));
        meters.handled(ahead, 1_000_000_000L, PUBLISHED.plusSeconds(90));

        // Then
        var age =
                metrics.get("datman.event.age").tag("topic", "pipeline-paused").timer();
        assertThat(age.count()).isEqualTo(2);
        assertThat(age.totalTime(TimeUnit.SECONDS)).isEqualTo(90);
        assertThat(metrics.get("datman.event.handling").timer().totalTime(TimeUnit.SECONDS))
                .isEqualTo(3);
    }

    @Test
    void deadLettersAreCountedFromZeroForEachTopicThatTheServiceConsumes() {
        // Given a service that has started
        meters.onStart(new StartupEvent(), "tagging");

        // When
        meters.deadLettered("series-discovered.tagging.dlq");

        // Then
        assertThat(metrics.get("datman.dead.letters")
                        .tag("topic", "series-discovered.tagging.dlq")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(metrics.find("datman.dead.letters").counters()).hasSize(1);
    }
}
