package org.datman.contracts.event;

import java.time.Instant;
import java.util.Comparator;

/**
 * The place of an event among those of its type and identity; a larger one is newer.
 *
 * @param major a revision, or a time in ms since 1970
 * @param minor decides between equal majors; 0 where there is nothing more to compare
 */
public record EventOrder(long major, long minor) implements Comparable<EventOrder> {

    private static final Comparator<EventOrder> COMPARATOR =
            Comparator.comparingLong(EventOrder::major).thenComparingLong(EventOrder::minor);

    /** By a revision alone. */
    public static EventOrder of(long revision) {
        return new EventOrder(revision, 0);
    }

    /** By a revision, then by another one within it. */
    public static EventOrder of(long revision, long within) {
        return new EventOrder(revision, within);
    }

    /** By a revision, then by time. */
    public static EventOrder of(long revision, Instant time) {
        return new EventOrder(revision, time.toEpochMilli());
    }

    /** By time alone. */
    public static EventOrder of(Instant time) {
        return new EventOrder(time.toEpochMilli(), 0);
    }

    /** By time, then by a counter. */
    public static EventOrder of(Instant time, long counter) {
        return new EventOrder(time.toEpochMilli(), counter);
    }

    /** Whether this is older than {@code other}, so that it must not replace it. */
    public boolean isOlderThan(EventOrder other) {
        return compareTo(other) < 0;
    }

    @Override
    public int compareTo(EventOrder other) {
        return COMPARATOR.compare(this, other);
    }
}
