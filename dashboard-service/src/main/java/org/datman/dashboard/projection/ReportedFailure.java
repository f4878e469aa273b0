package org.datman.dashboard.projection;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.SessionRef;

/** A failure as it was last published; open or not. */
@Entity
@Table(name = "failure")
@SuppressWarnings("UnusedVariable") // columns that only queries read
class ReportedFailure {

    @Id
    private String identity;

    @Column(name = "event_id")
    private UUID eventId;

    private String cause;
    private String session;
    private String scan;
    private String service;
    private String stage;
    private String kind;
    private String code;
    private String message;
    private String action;
    private int attempts;

    @Column(name = "dead_letter")
    private String deadLetter;

    private Instant time;

    /** Computed by {@link ReportedFailures#updateOpen}. */
    private boolean open = true;

    /** For Hibernate. */
    protected ReportedFailure() {}

    ReportedFailure(ProcessingFailed event, UUID eventId) {
        identity = event.identity();
        cause = event.cause().orElse("");
        session = event.session().map(SessionRef::identity).orElse("");
        scan = event.scan().orElse("");
        service = event.service();
        stage = event.stage();
        update(event, eventId);
    }

    /** Takes over what differs between failures of the same work. */
    final void update(ProcessingFailed event, UUID newEventId) {
        eventId = newEventId;
        kind = event.kind().name();
        code = event.reason().code();
        message = event.reason().message();
        action = event.reason().action();
        attempts = event.attempts();
        deadLetter = event.deadLetterTopic().orElse("");
        time = event.time();
    }

    FailedWork work() {
        return new FailedWork(identity, eventId, session, scan, service, stage, deadLetter);
    }

    Instant time() {
        return time;
    }
}
