package org.datman.xnat;

import java.time.Duration;

/** Receives every request, for metrics. */
public interface CallObserver {

    /** Ignores all. */
    CallObserver NONE = (endpoint, outcome, duration) -> {};

    /**
     * @param endpoint kind of request, of a small set: {@code session}, {@code files}, {@code zip} …
     * @param outcome HTTP status, or {@code io} when there was none
     * @param duration until the response headers
     */
    void observed(String endpoint, String outcome, Duration duration);
}
