package org.datman.analysis.image;

import java.util.concurrent.CancellationException;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Loops over independent items on all cores. Every item writes only to its own slot, and sums are taken afterwards in index
 * order, so results do not depend on the number of cores. A caller that is interrupted leaves its loop with a
 * {@link CancellationException}: so a measurement that takes too long is stopped.
 */
public final class Parallel {

    private Parallel() {}

    /** Runs {@code body} for 0 to n - 1. */
    public static void forEach(int n, IntConsumer body) {
        Thread caller = Thread.currentThread();
        IntStream.range(0, n).parallel().forEach(i -> {
            if (caller.isInterrupted()) {
                throw new CancellationException("stopped");
            }
            body.accept(i);
        });
    }

    /** Runs {@code body(from, to)} for consecutive ranges of at most {@code block} items. */
    public static void blocks(int n, int block, RangeConsumer body) {
        int count = (n + block - 1) / block;
        forEach(count, b -> body.accept(b * block, Math.min(n, (b + 1) * block)));
    }

    /** A half-open range of indices. */
    @FunctionalInterface
    public interface RangeConsumer {
        void accept(int from, int to);
    }
}
