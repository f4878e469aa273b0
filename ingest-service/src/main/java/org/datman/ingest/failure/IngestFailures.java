package org.datman.ingest.failure;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ProcessingFailedBuilder;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.ingest.outgoing.ChainedOutbox;
import org.datman.ingest.outgoing.EventChain;
import org.datman.ingest.queue.SyncTask;

/** Publishes failures of ingest, in the current transaction or in one of its own. */
@ApplicationScoped
public class IngestFailures {

    private final ChainedOutbox outbox;
    private final Clock clock;

    IngestFailures(ChainedOutbox outbox, Clock clock) {
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Publishes that a session could not be read. */
    public void session(SyncTask task, ProcessingFailed.Kind kind, int attempts, Reason reason) {
        publish(
                task.chain(),
                failed("read-session", kind, attempts, reason, clock.instant())
                        .session(Optional.of(task.ref()))
                        .cause(task.chain().causation())
                        .build());
    }

    /**
     * Publishes that XNAT or a project could not be queried, or that a webhook has no identifiable session.
     *
     * @param about key among the failures of that stage: the project, or the reason's code. Of two with the
     *     same key, people see the later one
     */
    public void xnat(String stage, String about, ProcessingFailed.Kind kind, int attempts, Reason reason) {
        publish(
                EventChain.first(stage),
                failed(stage, kind, attempts, reason, clock.instant())
                        .cause(Optional.of(about))
                        .build());
    }

    /** An inconsistency of a whole session. */
    public static ProcessingFailed inSession(SessionRef session, String stage, Reason reason, Instant now) {
        return inSession(session, stage, reason.code(), reason, now);
    }

    /**
     * An inconsistency of a whole session, or that it is over.
     *
     * @param about key among the failures of that stage: of two with the same key, people see the later one
     */
    public static ProcessingFailed inSession(
            SessionRef session, String stage, String about, Reason reason, Instant now) {
        return failed(stage, ProcessingFailed.Kind.PERMANENT, 1, reason, now)
                .session(Optional.of(session))
                .cause(Optional.of(about))
                .build();
    }

    private void publish(EventChain chain, ProcessingFailed failed) {
        QuarkusTransaction.joiningExisting().run(() -> outbox.publish(chain, failed));
    }

    private static ProcessingFailedBuilder.ProcessingFailedBuilderStage failed(
            String stage, ProcessingFailed.Kind kind, int attempts, Reason reason, Instant now) {
        return ProcessingFailedBuilder.builder()
                .service("ingest")
                .stage(stage)
                .kind(kind)
                .attempts(attempts)
                .reason(reason)
                .time(now);
    }
}
