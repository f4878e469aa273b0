package org.datman.contracts.study;

import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many series of a tag a session should have: one entry of {@code Count} or {@code PhaCount}.
 *
 * @param from first day of scans, included; null means without end
 * @param to last day of scans, included; null means without end
 * @param timepoints for which it applies; empty: for all
 * @param accepted the numbers of which each is right, at least one, ascending
 */
public record CountRule(
        @Nullable LocalDate from, @Nullable LocalDate to, List<String> timepoints, List<Integer> accepted) {

    public CountRule {
        timepoints = List.copyOf(timepoints);
        accepted = accepted.stream().distinct().sorted().toList();
    }

    /** @param timepoint of the session; empty for a phantom */
    boolean appliesTo(LocalDate day, String timepoint) {
        return (from == null || !day.isBefore(from))
                && (to == null || !day.isAfter(to))
                && (timepoints.isEmpty() || timepoints.contains(timepoint));
    }

    boolean namesTimepoints() {
        return !timepoints.isEmpty();
    }

    /**
     * Whether some session would have both entries and neither has precedence: they share a day, and a timepoint or both name none. An entry
     * that names timepoints has precedence over one that does not.
     */
    boolean overlaps(CountRule other) {
        boolean sameTimepoint =
                namesTimepoints() ? !Collections.disjoint(timepoints, other.timepoints) : !other.namesTimepoints();
        return sameTimepoint && startsBeforeEndOf(other) && other.startsBeforeEndOf(this);
    }

    private boolean startsBeforeEndOf(CountRule other) {
        return from == null || other.to == null || !from.isAfter(other.to);
    }

    /** For which sessions it applies, as text: {@code timepoint 01, scans from 2025-01-01}; empty: for all. */
    String condition() {
        String visits = timepoints.isEmpty() ? "" : "timepoint " + String.join(" or ", timepoints);
        String days = (from == null ? "" : " from " + from) + (to == null ? "" : " until " + to);
        return visits + (visits.isEmpty() || days.isEmpty() ? "" : ", ") + (days.isEmpty() ? "" : "scans" + days);
    }
}
