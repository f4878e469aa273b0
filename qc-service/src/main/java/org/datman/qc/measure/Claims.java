package org.datman.qc.measure;

import io.quarkus.logging.Log;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.datman.qc.state.QcState;
import org.datman.qc.state.QcState.ToRedo;

/**
 * Claims of this process on results that it recomputes. They are renewed while it works and released in every case, later when the
 * database is unavailable: only the claims of a killed process wait, for minutes instead of the longest measurement time.
 */
@ApplicationScoped
class Claims {

    /** How long a claim lasts without renewal: several times the renewal interval. */
    static final Duration LEASE = Duration.ofMinutes(4);

    private final QcState state;
    private final Clock clock;
    private final Map<List<Object>, ToRedo> held = new HashMap<>();
    private final Set<List<Object>> toGiveBack = new HashSet<>();

    Claims(QcState state, Clock clock) {
        this.state = state;
        this.clock = clock;
    }

    /** Claims the next result that is outdated by newer definitions or another gold standard. */
    synchronized Optional<ToRedo> take(String definitions) {
        List<List<Object>> waiting = List.copyOf(toGiveBack);
        waiting.forEach(this::giveBack);
        Instant now = clock.instant();
        Optional<ToRedo> claimed =
                QuarkusTransaction.requiringNew().call(() -> state.claimToRedo(definitions, now, now.plus(LEASE)));
        claimed.ifPresent(claim -> held.put(key(claim), claim));
        return claimed;
    }

    @Scheduled(
            identity = "renew-claims",
            every = "${datman.qc.renew-claims-every:1m}",
            delayed = "${datman.qc.renew-claims-every:1m}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    synchronized void renew() {
        Instant until = clock.instant().plus(LEASE);
        for (ToRedo claim : new ArrayList<>(held.values())) {
            if (toGiveBack.contains(key(claim))) {
                giveBack(key(claim));
                continue;
            }
            try {
                QuarkusTransaction.requiringNew()
                        .call(() -> state.renew(claim, until))
                        .ifPresentOrElse(
                                renewed -> held.put(key(claim), renewed),
                                () -> Log.warnf(
                                        "The claim on %s has lapsed: another worker may do it, too", claim.stem()));
            } catch (RuntimeException e) {
                Log.warnf(e, "The claim on %s could not be renewed", claim.stem());
            }
        }
    }

    /** Releases the claim for the next worker, also when this thread is interrupted. */
    synchronized void giveBack(ToRedo claim) {
        giveBack(key(claim));
    }

    private void giveBack(List<Object> key) {
        ToRedo claim = held.get(key);
        boolean interrupted = Thread.interrupted();
        try {
            QuarkusTransaction.requiringNew().run(() -> state.release(claim));
            held.remove(key);
            toGiveBack.remove(key);
        } catch (RuntimeException e) {
            Log.warnf(e, "The claim on %s could not be released yet", claim.stem());
            toGiveBack.add(key);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static List<Object> key(ToRedo claim) {
        return List.of(claim.session(), claim.scan(), claim.stem());
    }
}
