package org.datman.metrics.trend;

import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A metric that left its usual range, to the bad side.
 *
 * @param rule the rule that noticed it first
 * @param side direction of the change
 * @param at the reading with which it was noticed
 * @param since day from which the readings are probably off
 * @param level mean of the readings since then
 * @param sigmas distance from the usual level, in standard deviations; negative is lower
 * @param usual the usual level when it was noticed
 * @param usualAgain day of the first reading after it that was usual again; null while it lasts
 */
public record Alarm(
        Rule rule,
        Side side,
        Reading at,
        LocalDate since,
        double level,
        double sigmas,
        Baseline usual,
        @Nullable LocalDate usualAgain) {

    /** Day of the first reading after it that was usual again; empty while it lasts. */
    public Optional<LocalDate> until() {
        return Optional.ofNullable(usualAgain);
    }

    /** The rules. */
    public enum Rule {
        /** One reading outside the limits. */
        LIMIT,
        /** The weighted mean of the latest readings. */
        EWMA,
        /** The sum of all small deviations. */
        CUSUM
    }

    /** Direction of a metric's change. */
    public enum Side {
        LOWER,
        HIGHER
    }
}
