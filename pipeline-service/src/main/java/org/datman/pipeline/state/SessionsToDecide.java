package org.datman.pipeline.state;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.SessionRef;
import org.datman.platform.lease.Claim;
import org.datman.platform.lease.LeasedQueue;
import org.datman.platform.lease.LeasedQueue.Due;
import org.datman.platform.work.WorkerThreads;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The sessions that were last decided with other rules or descriptors, each for one worker at a time. */
@ApplicationScoped
public class SessionsToDecide {

    private final LeasedQueue<KnownSession> queue;
    private final WorkerThreads threads;

    SessionsToDecide(
            KnownSessions sessions,
            WorkerThreads threads,
            @ConfigProperty(name = "datman.pipelines.lease") Duration lease) {
        this.queue = new LeasedQueue<>("sessions", KnownSession.class, sessions.getEntityManager(), lease);
        this.threads = threads;
    }

    void onStart(@Observes StartupEvent event) {
        queue.start(threads);
    }

    void onStop(@Observes ShutdownEvent event) {
        queue.stop();
    }

    /**
     * Claims the next session that was decided with other rules than these.
     *
     * @param after identity of the session after which to search, or empty text for all: of very many sessions those that were
     *     decided already are not read for each claim
     */
    public Optional<Claim<SessionRef>> claim(String revision, String after) {
        return queue.claim(
                new Due(
                        "r.decidedWith <> :revision and r.session > :after",
                        "r.session",
                        Map.of("revision", revision, "after", after)),
                (row, owner) -> Optional.of(row.ref()));
    }

    /** Claims the next session of which something changed that no event has. */
    public Optional<Claim<SessionRef>> claimChanged() {
        return queue.claim(new Due("r.again = true", "r.session", Map.of()), (row, owner) -> Optional.of(row.ref()));
    }
}
