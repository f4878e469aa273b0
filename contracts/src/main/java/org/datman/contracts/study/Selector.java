package org.datman.contracts.study;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which images of a series a tag takes. Null: any.
 *
 * @param echoNumber only this echo
 * @param part only this part
 * @param derived true: only what was computed from the others and came in the same series; false: only the others
 * @param phaseEncodingDirection only images with this direction, as BIDS writes it ({@code j-})
 */
public record Selector(
        @Nullable Integer echoNumber,
        @Nullable Part part,
        boolean derived,
        @Nullable String phaseEncodingDirection) {

    /** All measured images of the series. */
    public static final Selector ALL = new Selector(null, null, false, null);

    public Optional<Integer> findEchoNumber() {
        return Optional.ofNullable(echoNumber);
    }

    public Optional<Part> findPart() {
        return Optional.ofNullable(part);
    }

    public Optional<String> findPhaseEncodingDirection() {
        return Optional.ofNullable(phaseEncodingDirection);
    }

    /** Whether an image could match both: nothing distinguishes them. */
    public boolean overlaps(Selector other) {
        return derived == other.derived
                && !differ(echoNumber, other.echoNumber)
                && !differ(part, other.part)
                && !differ(phaseEncodingDirection, other.phaseEncodingDirection);
    }

    private static boolean differ(@Nullable Object a, @Nullable Object b) {
        return a != null && b != null && !a.equals(b);
    }
}
