package org.datman.dashboard.projection;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventType;
import org.datman.contracts.event.QcComplete;
import org.jdbi.v3.core.Jdbi;

/**
 * The meter {@code datman.verdict}: from the publication of {@code series-discovered} to that of the first {@code qc-complete} of an image of the
 * same revision of the series. The service level objective of the documentation is counted from it. Repeated measurements do not count.
 */
@ApplicationScoped
class VerdictTimes {

    private static final Duration[] BUCKETS = {
        Duration.ofSeconds(15),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(2),
        Duration.ofMinutes(5),
        Duration.ofMinutes(15),
        Duration.ofHours(1),
        Duration.ofHours(6)
    };

    private final Jdbi jdbi;
    private final Timer timer;

    VerdictTimes(@EveryStudy Jdbi jdbi, MeterRegistry metrics) {
        this.jdbi = jdbi;
        this.timer = Timer.builder("datman.verdict")
                .description("From the discovery of a series to the first verdict about an image of it")
                .serviceLevelObjectives(BUCKETS)
                .register(metrics);
    }

    /** How long it took, if this is the first verdict about the image in this revision of its series. Must be asked before the event is stored. */
    Optional<Duration> first(Envelope<QcComplete> envelope) {
        QcComplete verdict = envelope.event();
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select series.last_published from latest_event series
                        where series.session = :session and series.scan = :scan and series.topic = :discovered
                          and (series.payload ->> 'seriesRevision')::bigint = :revision
                          and not exists (
                            select 1 from latest_event before where before.topic = :measured and before.identity = :identity
                              and (before.payload ->> 'seriesRevision')::bigint >= :revision)
                        """)
                .bind("session", verdict.session().identity())
                .bind("scan", verdict.scan())
                .bind("discovered", EventType.SERIES_DISCOVERED.topic())
                .bind("measured", EventType.QC_COMPLETE.topic())
                .bind("identity", verdict.identity())
                .bind("revision", verdict.seriesRevision())
                .mapTo(OffsetDateTime.class)
                .findOne()
                .map(discovered -> Duration.between(discovered.toInstant(), envelope.time()))
                // Two machines may have two clocks.
                .map(took -> took.isNegative() ? Duration.ZERO : took));
    }

    void record(Duration took) {
        timer.record(took);
    }
}
