package org.datman.ingest.sync;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.datman.ingest.IngestSettings;
import org.datman.ingest.queue.SessionQueue;
import org.datman.ingest.queue.SyncTask;
import org.datman.platform.work.WorkerThreads;
import org.jboss.logging.Logger;

/** The threads that synchronise sessions, as many as configured; each processes one session at a time. */
@ApplicationScoped
public class SyncWorkers {

    private static final Logger LOG = Logger.getLogger(SyncWorkers.class);
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(2);

    private final SessionQueue queue;
    private final SessionSync sync;
    private final IngestSettings settings;
    private final WorkerThreads workerThreads;
    private final Semaphore work = new Semaphore(0);
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    SyncWorkers(SessionQueue queue, SessionSync sync, IngestSettings settings, WorkerThreads workerThreads) {
        this.queue = queue;
        this.sync = sync;
        this.settings = settings;
        this.workerThreads = workerThreads;
    }

    void onStart(@Observes StartupEvent event) {
        int released = queue.releaseAll();
        if (released > 0) {
            LOG.infof("Sessions of ended workers released count=%d", released);
        }
        for (int i = 1; i <= settings.workers(); i++) {
            threads.add(workerThreads.start("ingest-worker-" + i, this::run));
        }
    }

    void onStop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        work.release(threads.size());
        for (Thread thread : threads) {
            thread.join(2_000);
            thread.interrupt(); // one that waits for XNAT; its queue entry is claimed again at the next start
        }
    }

    /** Signals that there may be work. */
    public void wake() {
        work.release();
    }

    private void run() {
        while (!stopping) {
            Duration pause = IDLE;
            try {
                Optional<Duration> wait = sync.mayLook();
                if (wait.isEmpty()) {
                    Optional<SyncTask> task = queue.take();
                    if (task.isPresent()) {
                        sync.sync(task.get());
                        continue;
                    }
                }
            } catch (RuntimeException e) {
                if (stopping) {
                    return;
                }
                LOG.warnf("A worker waits: %s", e.getMessage());
                pause = AFTER_A_FAULT;
            }
            try {
                if (work.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    work.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
