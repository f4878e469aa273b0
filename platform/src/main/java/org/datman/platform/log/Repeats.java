package org.datman.platform.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Which of equal lines are written: the first of each interval; the others are counted.
 *
 * @param <L> a line
 */
final class Repeats<L> {

    private final long interval;
    private final LongSupplier nanos;
    private final int mostKeys;
    private final Map<String, Held<L>> byKey = new HashMap<>();

    /**
     * @param interval in which equal lines are written once
     * @param nanos a clock in ns that is monotonic
     * @param mostKeys of different lines that are tracked; lines beyond this are all written
     */
    Repeats(Duration interval, LongSupplier nanos, int mostKeys) {
        this.interval = interval.toNanos();
        this.nanos = nanos;
        this.mostKeys = mostKeys;
    }

    private static final class Held<L> {
        private final L line;
        private long since;
        private int count;

        private Held(L line, long since) {
            this.line = line;
            this.since = since;
        }
    }

    /**
     * Lines that were not written.
     *
     * @param line the first of them, which was written
     * @param count how often it was repeated
     * @param within the time span
     */
    record Repeated<L>(L line, int count, Duration within) {}

    /** Whether a line should be written now. */
    synchronized boolean isFirst(String key, L line) {
        long now = nanos.getAsLong();
        Held<L> held = byKey.get(key);
        if (held != null && held.count == 0 && now - held.since >= interval) {
            held.since = now;
            return true;
        }
        if (held != null) {
            held.count++;
            return false;
        }
        if (byKey.size() >= mostKeys) {
            // Lines that occurred only once must not use up the keys of those that flood the log.
            byKey.values().removeIf(other -> other.count == 0 && now - other.since >= interval);
        }
        if (byKey.size() < mostKeys) {
            byKey.put(key, new Held<>(line, now));
        }
        return true;
    }

    /** The repeats in elapsed intervals. Without repeats, the next equal line counts as a first one again. */
    synchronized List<Repeated<L>> over() {
        long now = nanos.getAsLong();
        List<Repeated<L>> repeated = new ArrayList<>();
        for (Iterator<Held<L>> all = byKey.values().iterator(); all.hasNext(); ) {
            Held<L> held = all.next();
            if (now - held.since < interval) {
                continue;
            }
            if (held.count == 0) {
                all.remove();
            } else {
                repeated.add(new Repeated<>(held.line, held.count, Duration.ofNanos(now - held.since)));
                held.count = 0;
                held.since = now;
            }
        }
        return repeated;
    }
}
