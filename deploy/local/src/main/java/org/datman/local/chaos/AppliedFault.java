package org.datman.local.chaos;

/**
 * A fault of the schedule and what became of it.
 *
 * @param outcome {@code applied}, or why it was skipped
 */
public record AppliedFault(PlannedFault fault, String outcome) {

    static final String APPLIED = "applied";

    /** Whether it struck. */
    public boolean applied() {
        return outcome.equals(APPLIED);
    }
}
