package org.datman.xnat;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Circuit breaker for a server that does not respond: after four requests in a row that failed in all their attempts, the next
 * ones fail at once for a pause, then one probe is let through. The pause doubles, from the one between attempts to 30 s.
 * Any good response closes it, also one whose body breaks off: one object that it cannot send must not block the others.
 */
final class Breaker {

    private static final int FAILURES_TO_OPEN = 4;
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final String product;
    private final CircuitBreaker breaker;
    private volatile String why = "";

    /** @param product what the server is, for messages */
    Breaker(String product, Duration first, Clock clock) {
        this.product = product;
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
                    product + " is not asked for " + path + " now: the last " + FAILURES_TO_OPEN
                            + " requests have failed (" + why + "); one is let through within " + LONGEST.toSeconds()
                            + " s",
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

    /** The request ended without telling anything about the server. */
    void released() {
        breaker.releasePermission();
    }
}
