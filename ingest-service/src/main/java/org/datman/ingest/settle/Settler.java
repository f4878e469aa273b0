package org.datman.ingest.settle;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.datman.contracts.event.SessionRef;
import org.datman.ingest.outgoing.EventChain;
import org.datman.ingest.published.SessionState;
import org.datman.ingest.published.SessionStore;
import org.datman.ingest.queue.SessionQueue;
import org.datman.ingest.queue.SyncOrigin;
import org.datman.ingest.sync.SessionUpdate;
import org.datman.ingest.sync.SyncWorkers;
import org.datman.xnat.XnatSettings;

/**
 * Checks the deadlines. A session whose quiet period is over is read again, and a read without changes
 * settles it; if XNAT cannot be queried, it settles after the maximum wait.
 */
@ApplicationScoped
public class Settler {

    private final SessionStore store;
    private final SessionUpdate update;
    private final SessionQueue queue;
    private final SyncWorkers workers;
    private final XnatSettings xnat;
    private final Clock clock;

    Settler(
            SessionStore store,
            SessionUpdate update,
            SessionQueue queue,
            SyncWorkers workers,
            XnatSettings xnat,
            Clock clock) {
        this.store = store;
        this.update = update;
        this.queue = queue;
        this.workers = workers;
        this.xnat = xnat;
        this.clock = clock;
    }

    @Scheduled(
            every = "${datman.ingest.tick:1s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void tick() {
        List<SessionRef> due = QuarkusTransaction.requiringNew()
                // Those of another server are not read here: they would be due for ever.
                .call(() -> store.due(xnat.server(), clock.instant()));
        due.forEach(this::due);
        if (!due.isEmpty()) {
            workers.wake();
        }
    }

    private void due(SessionRef ref) {
        QuarkusTransaction.requiringNew().run(() -> {
            Instant now = clock.instant();
            Optional<SessionState> state = store.lock(ref).filter(locked -> locked.isDue(now));
            OptionalInt failedReads = queue.failedReads(ref);
            if (state.isEmpty()) {
                return;
            }
            EventChain chain = EventChain.first(
                    "settle/" + ref.identity() + "/" + state.get().settleRevision());
            if (failedReads.isEmpty()) {
                queue.now(ref, SyncOrigin.SETTLE, chain);
            } else if (failedReads.getAsInt() > 0 && state.get().isCapOver(now)) {
                update.settle(chain, state.get());
            }
            // Otherwise a read is pending, which settles it or finds changes.
        });
    }
}
