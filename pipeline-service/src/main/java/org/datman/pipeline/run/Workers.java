package org.datman.pipeline.run;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.datman.contracts.event.Reason;
import org.datman.platform.work.WorkerThreads;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The threads that claim and run jobs, and the heartbeat that renews their leases. */
@ApplicationScoped
public class Workers {

    private static final Logger LOG = Logger.getLogger(Workers.class);
    private static final long IDLE_MILLIS = 1_000;
    private static final long OUTAGE_MILLIS = 2_000;
    private static final long STOP_MILLIS = 15_000;

    private final Jobs jobs;
    private final Attempt attempt;
    private final WorkerThreads workerThreads;
    private final int count;
    private final Duration lease;
    private final Semaphore work = new Semaphore(0);
    private final List<Thread> threads = new ArrayList<>();
    /** Owned leases, and whether they are still valid. */
    private final Map<String, Boolean> mine = new ConcurrentHashMap<>();

    private final String host = host();
    private final String process = nameOf(ProcessHandle.current());
    private volatile boolean stopping;

    Workers(
            Jobs jobs,
            Attempt attempt,
            WorkerThreads workerThreads,
            @ConfigProperty(name = "datman.pipelines.workers") int count,
            @ConfigProperty(name = "datman.pipelines.lease") Duration lease) {
        this.lease = lease;
        this.jobs = jobs;
        this.attempt = attempt;
        this.workerThreads = workerThreads;
        this.count = count;
    }

    void onStart(@Observes StartupEvent event) {
        for (int i = 1; i <= count; i++) {
            start("pipeline-worker-" + i, this::work);
        }
        if (count > 0) {
            start("pipeline-leases", this::keepLeases);
        }
    }

    void onStop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        work.release(count);
        for (Thread thread : threads) {
            thread.join(STOP_MILLIS);
        }
    }

    /** Signals that there may be work. */
    public void wake() {
        if (work.availablePermits() == 0) {
            work.release();
        }
    }

    private void start(String name, Runnable task) {
        threads.add(workerThreads.start(name, task));
    }

    private void work() {
        while (!stopping) {
            try {
                Optional<Job> job = QuarkusTransaction.requiringNew().call(() -> jobs.claim(process));
                if (job.isPresent()) {
                    see(job.get());
                } else if (work.tryAcquire(IDLE_MILLIS, TimeUnit.MILLISECONDS)) {
                    work.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.warnf("No job could be claimed, will retry: %s", e.getMessage());
                pause();
            }
        }
    }

    private void see(Job job) throws InterruptedException {
        mine.put(job.owner(), true);
        try {
            LOG.infof(
                    "Run started session=%s pipeline=%s run=%s attempt=%d",
                    job.event().sessionName(),
                    job.event().pipeline(),
                    job.event().runKey(),
                    job.attempt());
            Optional<Outcome> outcome = attempt(job);
            if (outcome.isPresent()) {
                LOG.infof(
                        "Run ended session=%s pipeline=%s run=%s attempt=%d outcome=%s",
                        job.event().sessionName(),
                        job.event().pipeline(),
                        job.event().runKey(),
                        job.attempt(),
                        outcome.get().getClass().getSimpleName());
                untilStored(() -> jobs.finish(job, outcome.get()));
            } else {
                untilStored(() -> jobs.giveBack(job));
            }
        } finally {
            mine.remove(job.owner());
        }
    }

    private Optional<Outcome> attempt(Job job) throws InterruptedException {
        try {
            return attempt.run(
                    job,
                    handle -> QuarkusTransaction.requiringNew().call(() -> jobs.started(job, handle)),
                    () -> stopping || !mine.get(job.owner()));
        } catch (RuntimeException e) {
            LOG.errorf(
                    e,
                    "Run was aborted by an unexpected error session=%s run=%s",
                    job.event().sessionName(),
                    job.event().runKey());
            return Optional.of(new Outcome.Interrupted(Reason.of(
                    "unexpected-error",
                    "The run was aborted by an error of the service ("
                            + e.getClass().getSimpleName() + "); it is tried again by itself")));
        }
    }

    /** The outcome of hours of work is not discarded because the database is temporarily unavailable. */
    private void untilStored(Runnable store) {
        while (true) {
            try {
                QuarkusTransaction.requiringNew().run(store);
                return;
            } catch (RuntimeException e) {
                if (stopping) {
                    LOG.errorf(
                            "The outcome of a run could not be stored before the stop; it runs again: %s",
                            e.getMessage());
                    return;
                }
                LOG.warnf("The outcome of a run cannot be stored yet, will retry: %s", e.getMessage());
                pause();
            }
        }
    }

    /** Renews leases long before they expire, and stops jobs whose lease was lost; releases jobs of dead local workers. */
    private void keepLeases() {
        boolean lookedForDead = false;
        long every = Math.max(100, lease.toMillis() / 3);
        while (!stopping) {
            try {
                for (String owner : mine.keySet()) {
                    if (!QuarkusTransaction.requiringNew().call(() -> jobs.extend(owner))) {
                        mine.computeIfPresent(owner, (name, held) -> false);
                    }
                }
                if (!lookedForDead) {
                    releaseDead();
                    lookedForDead = true;
                }
            } catch (RuntimeException e) {
                LOG.warnf("Leases could not be renewed: %s", e.getMessage());
            }
            for (long waited = 0; waited < every && !stopping; waited += 100) {
                pause(100);
            }
        }
    }

    private void releaseDead() {
        List<String> dead = QuarkusTransaction.requiringNew().call(jobs::owners).stream()
                .filter(this::isDead)
                .toList();
        int released = QuarkusTransaction.requiringNew().call(() -> jobs.release(dead));
        if (released > 0) {
            LOG.infof("Jobs of dead workers are released count=%d workers=%s", released, dead);
            wake();
        }
    }

    /** Whether a worker of this machine has ended; for other machines only the lease decides. */
    private boolean isDead(String other) {
        String otherProcess = other.substring(0, Math.max(0, other.indexOf(Jobs.OWNER_ENDS)));
        String[] parts = otherProcess.split("/", 3);
        return parts.length == 3
                && parts[0].equals(host)
                && ProcessHandle.of(Long.parseLong(parts[1]))
                        .filter(alive -> nameOf(alive).equals(otherProcess))
                        .isEmpty();
    }

    /** Machine, process and its start: a process id alone is used again. */
    private String nameOf(ProcessHandle handle) {
        return host + "/" + handle.pid() + "/"
                + handle.info().startInstant().map(Object::toString).orElse("");
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName().replace('/', '-');
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    private void pause() {
        pause(OUTAGE_MILLIS);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
