package org.datman.pipeline.request;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.datman.contracts.event.SessionRef;
import org.datman.pipeline.state.PipelineState;
import org.datman.platform.event.TransientErrors;
import org.datman.platform.work.WorkerThreads;
import org.datman.platform.work.Workers;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Decides what no event asks for: after changed rules and descriptors all known sessions, and those of which a run ended or the BIDS dataset
 * was written. Each worker, of several instances too, locks some sessions and decides them in one transaction.
 */
@ApplicationScoped
class ChangedRules {

    private static final Logger LOG = Logger.getLogger(ChangedRules.class);
    /** As many as for an event: an error may be of the moment, two that decide at once for example. */
    private static final int ATTEMPTS = 3;

    private static final int THREADS = 2;

    /** So many that reading them singly would cost more. */
    private static final int AT_ONCE = 50;

    /** An event of a session that is locked waits no longer: outputs on a network file system take long to be looked at. */
    private static final Duration AT_MOST = Duration.ofSeconds(1);

    /** The sessions of a participant are few. */
    private static final Duration NO_LIMIT = Duration.ofDays(1);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** An analysis that waits for another begins so soon after its end. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final PipelineRules rules;
    private final PipelineState state;
    private final Decisions decisions;
    private final WorkerThreads threads;
    private final Duration every;
    private final Clock clock;
    private final Workers workers;

    /** When all sessions were last compared with the rules; while a service starts, what came while it was stopped goes before. */
    private volatile Instant passed;

    /**
     * Identity of the session that was decided last, empty text at the beginning of a pass. With several threads it is a hint: what one of them
     * has passed over is found by the next pass.
     */
    private volatile String last = "";

    ChangedRules(
            PipelineRules rules,
            PipelineState state,
            Decisions decisions,
            WorkerThreads threads,
            Clock clock,
            @ConfigProperty(name = "datman.pipelines.review-every") Duration every) {
        this.rules = rules;
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
        if (!decide(() -> state.lockChanged(AT_ONCE), true, AT_MOST).isEmpty()) {
            return true;
        }
        Optional<PipelineState.Changed> participant =
                QuarkusTransaction.requiringNew().call(state::changedParticipant);
        if (participant.isPresent()) {
            PipelineState.Changed changed = participant.get();
            decide(() -> state.lockParticipant(changed), false, NO_LIMIT);
            QuarkusTransaction.requiringNew().run(() -> state.participantDecided(changed));
            return true;
        }
        if (last.isEmpty() && clock.instant().isBefore(passed.plus(every))) {
            return false;
        }
        Map<String, String> revisions = PipelineRules.revisions(rules.all());
        List<SessionRef> outdated = decide(() -> state.lockOutdated(revisions, last, AT_ONCE), false, AT_MOST);
        if (outdated.isEmpty()) {
            // Another pass finds those that were locked meanwhile.
            boolean again = !last.isEmpty();
            last = "";
            if (!again) {
                passed = clock.instant();
            }
            return again;
        }
        last = outdated.get(outdated.size() - 1).identity();
        return true;
    }

    /**
     * Decides the sessions that were locked, and returns those that were decided, the first at least.
     *
     * @param ended as for {@link Decisions#decide(List, Map, boolean, Instant)}
     * @param atMost for how long further ones are decided while the others are locked
     */
    private List<SessionRef> decide(Supplier<List<SessionRef>> lock, boolean ended, Duration atMost)
            throws InterruptedException {
        List<SessionRef> locked = new ArrayList<>();
        try {
            return QuarkusTransaction.requiringNew().call(() -> {
                locked.addAll(lock.get());
                return locked.isEmpty()
                        ? locked
                        : decisions.decide(
                                locked, rules.all(), ended, clock.instant().plus(atMost));
            });
        } catch (RuntimeException e) {
            if (TransientErrors.isOutage(e) || locked.isEmpty()) {
                throw e;
            }
            LOG.warnf(e, "Sessions cannot be decided together and are decided singly count=%d", locked.size());
        }
        for (SessionRef session : locked) {
            decide(session, ended);
        }
        return locked;
    }

    private void decide(SessionRef session, boolean ended) throws InterruptedException {
        Map<String, StudyPipelines> with = rules.all();
        for (int attempt = 1; ; attempt++) {
            try {
                QuarkusTransaction.requiringNew().run(() -> {
                    state.lock(session);
                    decisions.decide(List.of(session), with, ended, Instant.MAX);
                });
                return;
            } catch (RuntimeException e) {
                if (TransientErrors.isOutage(e)) {
                    throw e;
                }
                if (attempt == ATTEMPTS) {
                    // One session must not hold up all that come after it.
                    LOG.errorf(e, "Changed rules could not be applied session=%s", session.identity());
                    QuarkusTransaction.requiringNew().run(() -> {
                        state.lock(session);
                        decisions.publishUndecided(session, with, ATTEMPTS, e);
                    });
                    return;
                }
                LOG.warnf(
                        e,
                        "Changed rules could not be applied, will retry session=%s attempt=%d",
                        session.identity(),
                        attempt);
                if (workers.pauseAfterAFault()) {
                    return;
                }
            }
        }
    }
}
