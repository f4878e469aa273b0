package org.datman.xnat;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Circuit breaker for an XNAT that does not respond: after four requests in a row that failed in all their attempts, the next
 * ones fail at once for a pause, then one probe is let through. The pause doubles, from the one between attempts to 30 s.
 * Any good response closes it, also one whose body breaks off: one object that XNAT cannot send must not block the others.
 */
final class Breaker {

    private static final int FAILURES_TO_OPEN = 4;
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final CircuitBreaker breaker;
    private volatile String why = "";

    Breaker(Duration first, Clock clock) {
        this.breaker = CircuitBreaker.of(
                "xnat",
                CircuitBreakerConfig.custom()
                        .slidingWindowType(SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(FAILURES_TO_OPEN)
                        .minimumNumberOfCalls(FAILURES_TO_OPEN)
                        .failureRateThreshold(100)
                        .waitIntervalFunctionInOpenState(IntervalFunction.ofExponentialBackoff(first, 2, LONGEST))
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .clock(clock)
                        .build());
    }

    /** Throws while the pause lasts; the caller that is let through after it keeps the others waiting until it reports. */
    void acquire(String path) {
        if (!breaker.tryAcquirePermission()) {
            throw new XnatOutage(
                    "XNAT is not asked for " + path + " now: the last " + FAILURES_TO_OPEN + " requests have failed ("
                            + why + "); one is let through within " + LONGEST.toSeconds() + " s",
                    null);
        }
    }

    void succeeded() {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    }

    void failed(Exception failure, String reason) {
        why = reason;
        breaker.onError(0, TimeUnit.NANOSECONDS, failure);
    }

    /** The request ended without telling anything about XNAT. */
    void released() {
        breaker.releasePermission();
    }
}
