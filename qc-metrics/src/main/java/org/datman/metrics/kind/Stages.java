package org.datman.metrics.kind;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;

/** How long each stage of a measurement took. Never part of the report: that must not depend on the clock. */
public final class Stages {

    private final Map<String, Double> seconds = new LinkedHashMap<>();

    /**
     * Work with a result, which may fail with a checked exception. Where a result may be missing, {@code T} is an
     * {@link java.util.Optional}.
     */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        T run() throws E;
    }

    /** Work that only adds findings, and may fail with a checked exception. */
    @FunctionalInterface
    public interface Step<E extends Exception> {
        void run() throws E;
    }

    /**
     * Runs a stage and stores its time; the times of a stage that runs twice are added.
     *
     * @throws CancellationException in a thread that was interrupted: no stage begins
     */
    public <T, E extends Exception> T run(String stage, Work<T, E> work) throws E {
        long start = begin(stage);
        try {
            return work.run();
        } finally {
            end(stage, start);
        }
    }

    /** The same for a stage without a result. */
    public <E extends Exception> void run(String stage, Step<E> step) throws E {
        long start = begin(stage);
        try {
            step.run();
        } finally {
            end(stage, start);
        }
    }

    private static long begin(String stage) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("stopped before " + stage);
        }
        return System.nanoTime();
    }

    private void end(String stage, long start) {
        seconds.merge(stage, (System.nanoTime() - start) / 1e9, Double::sum);
    }

    /** Seconds by stage, in order of first appearance. */
    public Map<String, Double> seconds() {
        return Collections.unmodifiableMap(seconds);
    }
}
