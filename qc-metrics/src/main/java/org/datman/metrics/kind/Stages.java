package org.datman.metrics.kind;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;

/** How long each stage of a measurement took. Never part of the report: that must not depend on the clock. */
public final class Stages {

    private final Map<String, Double> seconds = new LinkedHashMap<>();

    /** Work that may fail with a checked exception. */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        T run() throws E;
    }

    /** Runs a stage and remembers its time; a stage that runs twice adds up. None begins in a thread that was interrupted. */
    public <T, E extends Exception> T run(String stage, Work<T, E> work) throws E {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("stopped before " + stage);
        }
        long start = System.nanoTime();
        try {
            return work.run();
        } finally {
            seconds.merge(stage, (System.nanoTime() - start) / 1e9, Double::sum);
        }
    }

    /** Seconds by stage, in order of first appearance. */
    public Map<String, Double> seconds() {
        return Collections.unmodifiableMap(seconds);
    }
}
