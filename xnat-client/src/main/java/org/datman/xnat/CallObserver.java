package org.datman.xnat;

import java.time.Duration;

/** Hears about every request, for metrics. */
public interface CallObserver {

    /** Hears nothing. */
    CallObserver NONE = (endpoint, outcome, duration) -> {};

    /**
     * @param endpoint kind of request, of a small set: {@code session}, {@code files}, {@code zip} …
     * @param outcome HTTP status, or {@code io} when there was none
     * @param duration until the head of the answer
     */
    void observed(String endpoint, String outcome, Duration duration);
}
