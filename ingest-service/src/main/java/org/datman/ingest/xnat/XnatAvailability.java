package org.datman.ingest.xnat;

import io.github.resilience4j.core.IntervalFunction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.datman.xnat.XnatSettings;
import org.jspecify.annotations.Nullable;

/** Availability of XNAT: workers pause while it is unavailable, and one of them at a time probes it. */
@ApplicationScoped
public class XnatAvailability {

    private static final Duration LONGEST_HOLD = Duration.ofSeconds(30);

    private final Duration firstHold;
    private final IntervalFunction holds;
    private final Clock clock;
    private Instant holdUntil = Instant.MIN;
    private @Nullable Instant badSince;
    private String trouble = "";
    private int unanswered;
    private int refusals;

    public XnatAvailability(XnatSettings settings, Clock clock) {
        this.firstHold = settings.firstHold();
        this.holds = IntervalFunction.ofExponentialBackoff(firstHold, 2, LONGEST_HOLD);
        this.clock = clock;
    }

    /** The problem, and since when. */
    public record Trouble(Instant since, String what) {}

    /** How long to pause; empty to continue. A worker that probes while XNAT is unavailable makes the others pause. */
    public synchronized Optional<Duration> backOff() {
        Instant now = clock.instant();
        if (now.isBefore(holdUntil)) {
            return Optional.of(Duration.between(now, holdUntil));
        }
        if (badSince != null) {
            holdUntil = now.plus(firstHold);
        }
        return Optional.empty();
    }

    /** XNAT answered. */
    public synchronized void up() {
        badSince = null;
        trouble = "";
        unanswered = 0;
        refusals = 0;
        holdUntil = Instant.MIN;
    }

    /**
     * XNAT is unavailable.
     *
     * @return how often in a row
     */
    public synchronized int down(String what) {
        unanswered++;
        bad(what, Duration.ofMillis(holds.apply(unanswered)));
        return unanswered;
    }

    /**
     * XNAT answers, and rejects the account: all workers pause for this time.
     *
     * @return how often in a row
     */
    public synchronized int refused(String what, Duration hold) {
        unanswered = 0;
        refusals++;
        bad(what, hold);
        return refusals;
    }

    private void bad(String what, Duration hold) {
        Instant now = clock.instant();
        if (badSince == null) {
            badSince = now;
        }
        trouble = what;
        holdUntil = now.plus(hold);
    }

    /** The current problem, if any. */
    public synchronized Optional<Trouble> trouble() {
        return badSince == null ? Optional.empty() : Optional.of(new Trouble(badSince, trouble));
    }
}
