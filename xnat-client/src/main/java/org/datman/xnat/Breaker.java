package org.datman.xnat;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Circuit breaker for an XNAT that does not respond: after four requests in a row that failed in all their attempts, the next
 * ones fail at once for a pause, then one probe is let through. The pause doubles, from the one between attempts to 30 s.
 * Any good response closes it, also one whose body breaks off: one object that XNAT cannot send must not block the others.
 */
final class Breaker {

    private static final int FAILURES_TO_OPEN = 4;
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Duration first;
    private final LongSupplier nanos;
    private int failures;
    private long openUntil;
    private String why = "";

    Breaker(Duration first, LongSupplier nanos) {
        this.first = first;
        this.nanos = nanos;
    }

    /** Throws while the pause lasts; the caller that is let through after it keeps the others waiting. */
    synchronized void pass(String path) {
        if (failures < FAILURES_TO_OPEN) {
            return;
        }
        long now = nanos.getAsLong();
        if (now - openUntil < 0) {
            throw new XnatOutage(
                    "XNAT is not asked for " + path + " now: the last " + failures + " requests have failed (" + why
                            + "); next attempt in "
                            + Duration.ofNanos(openUntil - now).toMillis() + " ms",
                    null);
        }
        openUntil = now + hold().toNanos();
    }

    synchronized void answered() {
        failures = 0;
    }

    synchronized void inVain(String reason) {
        failures++;
        why = reason;
        openUntil = nanos.getAsLong() + hold().toNanos();
    }

    private Duration hold() {
        Duration hold = first.multipliedBy(1L << Math.min(Math.max(0, failures - FAILURES_TO_OPEN), 10));
        return hold.compareTo(LONGEST) < 0 ? hold : LONGEST;
    }
}
