package org.datman.pipeline.request;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.datman.contracts.event.SessionRef;
import org.datman.pipeline.state.PipelineState;
import org.datman.pipeline.state.SessionsToDecide;
import org.datman.platform.event.TransientErrors;
import org.datman.platform.lease.Claim;
import org.datman.platform.work.WorkerThreads;
import org.datman.platform.work.Workers;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Decides what no event asks for: after changed rules and descriptors all known sessions, and those of which a run ended or the BIDS dataset
 * was written. Several instances share the work by claims.
 */
@ApplicationScoped
class ChangedRules {

    private static final Logger LOG = Logger.getLogger(ChangedRules.class);
    /** As many as for an event: an error may be of the moment, two that decide at once for example. */
    private static final int ATTEMPTS = 3;

    /** They wait for the database more than they compute. */
    private static final int THREADS = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** An analysis that waits for another begins so soon after its end. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final SessionsToDecide sessions;
    private final PipelineState state;
    private final Decisions decisions;
    private final WorkerThreads threads;
    private final Duration every;
    private final Clock clock;
    private final Workers workers;

    /** When all sessions were last compared with the rules; while a service starts, what came while it was stopped goes before. */
    private volatile Instant passed;

    /**
     * Identity of the session that was claimed last, empty text at the beginning of a pass. With several threads it is a hint: what one of them
     * has passed over is found by the next pass.
     */
    private volatile String last = "";

    ChangedRules(
            SessionsToDecide sessions,
            PipelineState state,
            Decisions decisions,
            WorkerThreads threads,
            Clock clock,
            @ConfigProperty(name = "datman.pipelines.review-every") Duration every) {
        this.sessions = sessions;
        this.state = state;
        this.decisions = decisions;
        this.threads = threads;
        this.every = every;
        this.clock = clock;
        this.passed = clock.instant();
        this.workers = new Workers("pipeline-rules", THREADS, IDLE, this::next);
    }

    void onStart(@Observes StartupEvent event) {
        workers.start(threads);
    }

    void onStop(@Observes ShutdownEvent event) throws InterruptedException {
        workers.stop(PATIENCE);
    }

    private boolean next() throws InterruptedException {
        Optional<Claim<SessionRef>> changed = sessions.claimChanged();
        if (changed.isPresent()) {
            try (Claim<SessionRef> claim = changed.get()) {
                return decide(claim.work(), QuarkusTransaction.requiringNew().call(decisions::rulesRevision));
            }
        }
        if (last.isEmpty() && clock.instant().isBefore(passed.plus(every))) {
            return false;
        }
        String revision = QuarkusTransaction.requiringNew().call(decisions::rulesRevision);
        Optional<Claim<SessionRef>> claimed = sessions.claim(revision, last);
        if (claimed.isEmpty()) {
            // Another pass finds those that were locked or given back meanwhile.
            boolean again = !last.isEmpty();
            last = "";
            if (!again) {
                passed = clock.instant();
            }
            return again;
        }
        try (Claim<SessionRef> claim = claimed.get()) {
            last = claim.work().identity();
            return decide(claim.work(), revision);
        }
    }

    /** False when a dependency is unavailable, or the service stops. */
    private boolean decide(SessionRef session, String revision) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                QuarkusTransaction.requiringNew().run(() -> {
                    state.lock(session);
                    decisions.decide(session);
                });
                return true;
            } catch (RuntimeException e) {
                if (TransientErrors.isOutage(e)) {
                    LOG.warnf(e, "Decided later, a dependency is unavailable session=%s", session.identity());
                    return false;
                }
                if (attempt == ATTEMPTS) {
                    // One session must not hold up all that come after it.
                    LOG.errorf(e, "Changed rules could not be applied session=%s", session.identity());
                    QuarkusTransaction.requiringNew().run(() -> {
                        state.lock(session);
                        decisions.publishUndecided(session, revision, ATTEMPTS, e);
                    });
                    return true;
                }
                LOG.warnf(
                        e,
                        "Changed rules could not be applied, will retry session=%s attempt=%d",
                        session.identity(),
                        attempt);
                if (workers.pauseAfterAFault()) {
                    return false;
                }
            }
        }
    }
}
