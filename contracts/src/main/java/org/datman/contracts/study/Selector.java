package org.datman.contracts.study;

import java.util.Optional;

/**
 * Which images of a series a tag takes. Both empty: all of them.
 *
 * @param echoNumber only this echo
 * @param part only this part
 */
public record Selector(Optional<Integer> echoNumber, Optional<Part> part) {

    /** All images of the series. */
    public static final Selector ALL = new Selector(Optional.empty(), Optional.empty());

    /** Whether an image could fall to both: they differ in neither echo nor part. */
    public boolean overlaps(Selector other) {
        return !differ(echoNumber, other.echoNumber) && !differ(part, other.part);
    }

    private static <T> boolean differ(Optional<T> a, Optional<T> b) {
        return a.isPresent() && b.isPresent() && !a.equals(b);
    }
}
