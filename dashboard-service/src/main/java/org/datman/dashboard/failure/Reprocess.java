package org.datman.dashboard.failure;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ReprocessRequested.Stage;
import org.datman.contracts.event.SessionRef;
import org.datman.dashboard.projection.Dossiers;
import org.datman.dashboard.projection.Projector;
import org.datman.dashboard.projection.Said;
import org.datman.platform.event.EventPublisher;
import org.datman.platform.outbox.Outbox;
import org.jdbi.v3.core.Jdbi;

/** Asks the services to do work again, and sets failures aside. */
@ApplicationScoped
public class Reprocess {

    private static final Duration ONE_SUBMIT = Duration.ofSeconds(10);

    private final Jdbi jdbi;
    private final Dossiers dossiers;
    private final Projector projector;
    private final EventPublisher publisher;
    private final Outbox outbox;
    private final Clock clock;

    Reprocess(Jdbi jdbi, Dossiers dossiers, Projector projector, EventPublisher publisher, Outbox outbox, Clock clock) {
        this.jdbi = jdbi;
        this.dossiers = dossiers;
        this.projector = projector;
        this.publisher = publisher;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** The stage that a service's failure at {@code stage} is retried with. */
    public static Optional<Stage> retryOf(String service, String stage) {
        return switch (service) {
            case "ingest" -> Optional.of(Stage.INGEST);
            case "tagging" -> Optional.of(Stage.TAGGING);
            case "export" -> Optional.of(Stage.EXPORT);
            case "qc" -> Optional.of(stage.equals("check") ? Stage.CHECK : Stage.QC);
            case "pipeline" -> Optional.of(Stage.PIPELINE);
            default -> Optional.empty();
        };
    }

    /** Asks to do a stage again, for a series or, with an empty scan, for the session. */
    @Transactional
    public ReprocessRequested again(
            SessionRef session, Stage stage, Optional<String> scan, Optional<String> cause, String requestedBy) {
        jdbi.useHandle(handle -> Projector.lock(handle, session.identity()));
        Optional<ReprocessRequested> same = same(session, stage, scan, cause, requestedBy);
        if (same.isPresent()) {
            return same.get();
        }
        ReprocessRequested event = new ReprocessRequested(
                session,
                stage,
                scan,
                Optional.empty(),
                UUID.randomUUID().toString(),
                requestedBy,
                cause,
                clock.instant());
        Envelope<ReprocessRequested> envelope = publisher.first(event);
        outbox.store(envelope);
        projector.apply(envelope);
        return event;
    }

    /** Several submits of one form are one request. */
    private Optional<ReprocessRequested> same(
            SessionRef session, Stage stage, Optional<String> scan, Optional<String> cause, String requestedBy) {
        return dossiers.of(session.identity()).reprocessRequests().stream()
                .map(Said::event)
                .filter(request -> request.stage() == stage
                        && request.scan().equals(scan)
                        && request.causeEventId().equals(cause)
                        && request.requestedBy().equals(requestedBy)
                        && request.time().plus(ONE_SUBMIT).isAfter(clock.instant()))
                .findFirst();
    }

    private record Failed(UUID eventId, String session, String scan, String service, String stage) {}

    /** Has done again what failed. Empty when there is no such failure or nothing that could be done again. */
    @Transactional
    public Optional<ReprocessRequested> retry(String failure, String requestedBy) {
        return jdbi.withHandle(handle -> handle.createQuery(
                                "select event_id, session, scan, service, stage from failure where identity = :failure")
                        .bind("failure", failure)
                        .map((row, context) -> new Failed(
                                row.getObject("event_id", UUID.class),
                                row.getString("session"),
                                row.getString("scan"),
                                row.getString("service"),
                                row.getString("stage")))
                        .findOne())
                .filter(failed -> failed.session().indexOf('/') > 0)
                .flatMap(failed -> retryOf(failed.service(), failed.stage())
                        .map(stage -> again(
                                session(failed.session()),
                                stage,
                                failed.scan().isEmpty() ? Optional.empty() : Optional.of(failed.scan()),
                                Optional.of(failed.eventId().toString()),
                                requestedBy)));
    }

    /** Sets a failure aside for good: somebody has seen it and there is nothing to be done. False when there is none. */
    @Transactional
    public boolean setAside(String failure, String note, String by) {
        return jdbi.withHandle(handle -> {
            Optional<String> session = handle.createQuery("select session from failure where identity = :failure")
                    .bind("failure", failure)
                    .mapTo(String.class)
                    .findOne();
            if (session.isEmpty()) {
                return false;
            }
            handle.execute(
                    "insert into acknowledgement (failure, by, note, time) values (?, ?, ?, ?) on conflict (failure)"
                            + " do update set by = excluded.by, note = excluded.note, time = excluded.time",
                    failure,
                    by,
                    note,
                    clock.instant());
            projector.refresh(session.get());
            return true;
        });
    }

    private static SessionRef session(String key) {
        int slash = key.indexOf('/');
        return new SessionRef(key.substring(0, slash), key.substring(slash + 1));
    }
}
