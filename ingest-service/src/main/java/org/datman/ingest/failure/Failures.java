package org.datman.ingest.failure;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ProcessingFailedBuilder;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.ingest.outgoing.ChainedOutbox;
import org.datman.ingest.outgoing.EventChain;
import org.datman.ingest.queue.SyncTask;

/** Publishes failures of ingest. */
@ApplicationScoped
public class Failures {

    private final ChainedOutbox outbox;
    private final Clock clock;

    Failures(ChainedOutbox outbox, Clock clock) {
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Publishes that a session could not be read. */
    public void session(SyncTask task, ProcessingFailed.Kind kind, int attempts, Reason reason) {
        publish(
                "read-session",
                Optional.of(task.ref()),
                task.chain(),
                task.chain().causation(),
                kind,
                attempts,
                reason);
    }

    /**
     * Publishes that XNAT or a project could not be queried, or that a webhook has no identifiable session.
     *
     * @param about key among the failures of that stage: the project, or the reason's code. Of two with the
     *     same key, people see the later one
     */
    public void xnat(String stage, String about, ProcessingFailed.Kind kind, int attempts, Reason reason) {
        EventChain chain = new EventChain(stage, Optional.empty());
        publish(stage, Optional.empty(), chain, Optional.of(about), kind, attempts, reason);
    }

    /** Publishes an inconsistency of a whole session, once. In the current transaction. */
    public void inSession(SyncTask task, String stage, Reason reason) {
        outbox.publish(
                task.chain(),
                failed(
                        stage,
                        Optional.of(task.ref()),
                        Optional.of(reason.code()),
                        ProcessingFailed.Kind.PERMANENT,
                        1,
                        reason));
    }

    private void publish(
            String stage,
            Optional<SessionRef> session,
            EventChain chain,
            Optional<String> cause,
            ProcessingFailed.Kind kind,
            int attempts,
            Reason reason) {
        ProcessingFailed failed = failed(stage, session, cause, kind, attempts, reason);
        QuarkusTransaction.requiringNew().run(() -> outbox.publish(chain, failed));
    }

    private ProcessingFailed failed(
            String stage,
            Optional<SessionRef> session,
            Optional<String> cause,
            ProcessingFailed.Kind kind,
            int attempts,
            Reason reason) {
        return ProcessingFailedBuilder.builder()
                .service("ingest")
                .stage(stage)
                .kind(kind)
                .attempts(attempts)
                .reason(reason)
                .time(clock.instant())
                .session(session)
                .cause(cause)
                .build();
    }
}
