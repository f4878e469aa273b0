package org.datman.pipeline.run;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.datman.contracts.event.Reason;
import org.datman.pipeline.state.PipelineState;
import org.datman.platform.lease.Claim;
import org.datman.platform.work.WorkerThreads;
import org.datman.platform.work.Workers;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The threads that claim and run jobs. */
@ApplicationScoped
public class JobWorkers {

    private static final Logger LOG = Logger.getLogger(JobWorkers.class);
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Jobs jobs;
    private final Attempt attempt;
    private final PipelineState state;
    private final WorkerThreads threads;
    private final Clock clock;
    private final int count;
    private final Workers workers;
    private final AtomicBoolean cleaned = new AtomicBoolean();

    JobWorkers(
            Jobs jobs,
            Attempt attempt,
            PipelineState state,
            WorkerThreads threads,
            Clock clock,
            @ConfigProperty(name = "datman.pipelines.workers") int count) {
        this.jobs = jobs;
        this.attempt = attempt;
        this.state = state;
        this.threads = threads;
        this.clock = clock;
        this.count = count;
        this.workers = new Workers("pipeline-worker", count, IDLE, this::next);
    }

    void onStart(@Observes StartupEvent event) {
        if (count > 0) {
            jobs.queue().start(threads);
            workers.start(threads);
        }
    }

    void onStop(@Observes ShutdownEvent event) throws InterruptedException {
        workers.stop(PATIENCE);
        jobs.queue().stop();
    }

    /** Signals that there may be work. */
    public void wake() {
        workers.wake();
    }

    private boolean next() throws InterruptedException {
        if (cleaned.compareAndSet(false, true)) {
            attempt.removeLeftFolders(jobs::hasEnded);
        }
        Optional<Claim<Job>> claimed = jobs.claim();
        if (claimed.isEmpty()) {
            return false;
        }
        try (Claim<Job> claim = claimed.get()) {
            run(claim);
        }
        return true;
    }

    private void run(Claim<Job> claim) throws InterruptedException {
        Job job = claim.work();
        LOG.infof(
                "Run started session=%s pipeline=%s run=%s attempt=%d",
                job.event().sessionName(), job.event().pipeline(), job.event().runKey(), job.attempt());
        Optional<Outcome> outcome = outcome(claim);
        if (outcome.isPresent()) {
            LOG.infof(
                    "Run ended session=%s pipeline=%s run=%s attempt=%d outcome=%s",
                    job.event().sessionName(),
                    job.event().pipeline(),
                    job.event().runKey(),
                    job.attempt(),
                    outcome.get().getClass().getSimpleName());
            if (untilStored(() -> {
                // Before the job, as by those who decide: its end is news for the session.
                state.lock(job.event().session());
                return jobs.finish(job, outcome.get());
            })) {
                attempt.removeFolders(job);
            }
        } else {
            untilStored(() -> {
                jobs.giveBack(job);
                return true;
            });
        }
    }

    /** How it ended; empty when the service stops, or another worker has it now. */
    private Optional<Outcome> outcome(Claim<Job> claim) throws InterruptedException {
        Job job = claim.work();
        Cancellation cancellation = new Cancellation(() -> jobs.cancelled(job), clock);
        Optional<Outcome> outcome = cancellation.reason().isPresent() ? Optional.empty() : attempt(claim, cancellation);
        Optional<Reason> cancelled = cancellation.reason();
        if (outcome.isPresent() || cancelled.isEmpty() || claim.isLost()) {
            return outcome;
        }
        return attempt.end(job, jobs.handle(job).orElse(null), workers::isStopping)
                ? Optional.of(Outcome.Failed.before(cancelled.get()))
                : Optional.empty();
    }

    private Optional<Outcome> attempt(Claim<Job> claim, Cancellation cancellation) throws InterruptedException {
        Job job = claim.work();
        try {
            return attempt.run(
                    job,
                    handle -> QuarkusTransaction.requiringNew().call(() -> jobs.started(job, handle)),
                    reason -> say(job, reason),
                    () -> workers.isStopping()
                            || claim.isLost()
                            || cancellation.reason().isPresent());
        } catch (RuntimeException e) {
            LOG.errorf(
                    e,
                    "Run was aborted by an unexpected error session=%s run=%s",
                    job.event().sessionName(),
                    job.event().runKey());
            return Optional.of(Outcome.Interrupted.by(Reason.of(
                    "unexpected-error",
                    "The run was aborted by an error of the service ("
                            + e.getClass().getSimpleName() + "); it is tried again by itself")));
        }
    }

    /** A run does not depend on whether this can be published now. */
    private void say(Job job, Reason reason) {
        try {
            QuarkusTransaction.requiringNew().run(() -> jobs.says(job, reason));
        } catch (RuntimeException e) {
            LOG.warnf(
                    "What a run waits for cannot be published run=%s reason=%s error=%s",
                    job.event().runKey(), reason.code(), e.getMessage());
        }
    }

    /**
     * The outcome of hours of work is not discarded because the database is temporarily unavailable.
     *
     * @return what is stored says; false when the service stops first
     */
    private boolean untilStored(Callable<Boolean> store) throws InterruptedException {
        while (true) {
            try {
                return QuarkusTransaction.requiringNew().call(store);
            } catch (RuntimeException e) {
                LOG.warnf("The outcome of a run cannot be stored yet, will retry error=%s", e.getMessage());
                if (workers.pauseAfterAFault()) {
                    LOG.errorf(
                            "The outcome of a run could not be stored before the stop; it runs again error=%s",
                            e.getMessage());
                    return false;
                }
            }
        }
    }
}
