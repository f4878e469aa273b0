package org.datman.ingest.hint;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.ingest.session.Telling;

/** Says what ingest could not do. */
@ApplicationScoped
public class Failures {

    private final Telling telling;
    private final Clock clock;

    Failures(Telling telling, Clock clock) {
        this.telling = telling;
        this.clock = clock;
    }

    /** Says that a session could not be read. */
    public void session(Task task, ProcessingFailed.Kind kind, int attempts, Reason reason) {
        say("read-session", Optional.of(task.ref()), task.chain(), kind, attempts, reason);
    }

    /** Says that XNAT as a whole, or a project of it, could not be asked. */
    public void xnat(String stage, ProcessingFailed.Kind kind, int attempts, Reason reason) {
        say(stage, Optional.empty(), new Telling.Chain(stage, Optional.empty()), kind, attempts, reason);
    }

    private void say(
            String stage,
            Optional<SessionRef> session,
            Telling.Chain chain,
            ProcessingFailed.Kind kind,
            int attempts,
            Reason reason) {
        ProcessingFailed failed = new ProcessingFailed(
                "ingest",
                stage,
                kind,
                session,
                Optional.empty(),
                chain.causation(),
                attempts,
                reason,
                Optional.empty(),
                clock.instant());
        QuarkusTransaction.requiringNew().run(() -> telling.say(chain, failed));
    }
}
