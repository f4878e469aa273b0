package org.datman.contracts.study;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
                && !differ(echoNumber.orElse(null), other.echoNumber.orElse(null))
                && !differ(part.orElse(null), other.part.orElse(null))
                && !differ(phaseEncodingDirection.orElse(null), other.phaseEncodingDirection.orElse(null));
    }

    private static boolean differ(@Nullable Object a, @Nullable Object b) {
        return a != null && b != null && !a.equals(b);
    }
}
