package org.datman.plots.report;

import java.util.List;
import java.util.Objects;
import org.datman.contracts.event.QcComplete.Level;

/**
 * The verdict on one series.
 *
 * @param level worst of all reasons; ERROR: the series could not be measured
 * @param reasons sentences that a rater understands; empty only for PASS
 */
public record Verdict(Level level, List<String> reasons) {

    public Verdict {
        Objects.requireNonNull(level, "level");
        reasons = List.copyOf(reasons);
        if (level != Level.PASS && reasons.isEmpty()) {
            throw new IllegalArgumentException("a verdict of " + level + " needs a reason");
        }
    }
}
