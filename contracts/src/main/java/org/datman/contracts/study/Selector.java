package org.datman.contracts.study;

import java.util.Optional;

/**
 * Which images of a series a tag takes. All empty: all measured ones.
 *
 * @param echoNumber only this echo
 * @param part only this part
 * @param derived true: only what was computed from the others and came in the same series; false: only the others
 * @param phaseEncodingDirection only images with this direction, as BIDS writes it ({@code j-})
 */
public record Selector(
        Optional<Integer> echoNumber, Optional<Part> part, boolean derived, Optional<String> phaseEncodingDirection) {

    /** All measured images of the series. */
    public static final Selector ALL = new Selector(Optional.empty(), Optional.empty(), false, Optional.empty());

    /** Whether an image could match both: nothing distinguishes them. */
    public boolean overlaps(Selector other) {
        return derived == other.derived
                && !differ(echoNumber, other.echoNumber)
                && !differ(part, other.part)
                && !differ(phaseEncodingDirection, other.phaseEncodingDirection);
    }

    private static <T> boolean differ(Optional<T> a, Optional<T> b) {
        return a.isPresent() && b.isPresent() && !a.equals(b);
    }
}
