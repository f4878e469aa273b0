package org.datman.qc;

import org.datman.qc.measure.RedoResults;

/** In tests nothing is recomputed by itself: it is done when a test requests it. */
public final class RedoAll {

    private RedoAll() {}

    /** Recomputes until nothing is left, or a series is being measured. */
    public static void of(RedoResults redo) throws InterruptedException {
        while (redo.next()) {
            // Continue with the next.
        }
    }
}
