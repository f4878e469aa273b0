package org.datman.contracts.study;

import java.time.LocalDate;

/**
 * When the sessions of a timepoint are due, for every subject of the study that has a first session.
 *
 * @param timepoint of the session
 * @param days from the first session of the subject
 * @param window how many days earlier or later are right
 */
public record VisitRule(String timepoint, int days, int window) {

    /** First right day of a subject whose first session was on that day. */
    public LocalDate from(LocalDate first) {
        return first.plusDays(days).minusDays(window);
    }

    /** Last right day. */
    public LocalDate to(LocalDate first) {
        return first.plusDays(days).plusDays(window);
    }
}
