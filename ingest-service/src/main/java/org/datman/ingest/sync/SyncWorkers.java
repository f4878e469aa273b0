package org.datman.ingest.sync;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import org.datman.ingest.IngestSettings;
import org.datman.ingest.queue.SessionQueue;
import org.datman.ingest.queue.SyncTask;
import org.datman.platform.lease.Claim;
import org.datman.platform.work.WorkerThreads;
import org.datman.platform.work.Workers;

/** The threads that synchronise sessions, as many as configured; each processes one session at a time. */
@ApplicationScoped
public class SyncWorkers {

    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final SessionQueue queue;
    private final SessionSync sync;
    private final WorkerThreads threads;
    private final Workers workers;

    SyncWorkers(SessionQueue queue, SessionSync sync, IngestSettings settings, WorkerThreads threads) {
        this.queue = queue;
        this.sync = sync;
        this.threads = threads;
        this.workers = new Workers("ingest-worker", settings.workers(), IDLE, this::next);
    }

    void onStart(@Observes StartupEvent event) {
        queue.start(threads);
        workers.start(threads);
    }

    void onStop(@Observes ShutdownEvent event) throws InterruptedException {
        workers.stop(PATIENCE);
        queue.stop();
    }

    /** Signals that there may be work. */
    public void wake() {
        workers.wake();
    }

    private boolean next() {
        if (sync.waitBeforeRead().isPresent()) {
            return false;
        }
        Optional<Claim<SyncTask>> claim = queue.claim();
        if (claim.isEmpty()) {
            return false;
        }
        try (Claim<SyncTask> held = claim.get()) {
            sync.sync(held.work());
        }
        return true;
    }
}
