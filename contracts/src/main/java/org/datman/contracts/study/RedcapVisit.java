package org.datman.contracts.study;

import java.time.LocalDate;
import java.util.SortedSet;

/**
 * Where REDCap has the planned day of the sessions of one timepoint.
 *
 * @param timepoint of the sessions
 * @param dateField field with the planned day
 * @param events REDCap's unique names of the events in which the field counts; empty for any
 * @param window how many days earlier or later are right
 */
public record RedcapVisit(String timepoint, String dateField, SortedSet<String> events, int window) {

    /** Whether the field counts in a row of that event; an empty name is that of a project without events. */
    public boolean isOf(String event) {
        return events.isEmpty() || events.contains(event);
    }

    /** Whether one row could plan both. */
    boolean overlaps(RedcapVisit other) {
        return dateField.equals(other.dateField)
                && (events.isEmpty()
                        || other.events.isEmpty()
                        || events.stream().anyMatch(other.events::contains));
    }

    /** First right day of a visit that is planned for that day. */
    public LocalDate from(LocalDate planned) {
        return planned.minusDays(window);
    }

    /** Last right day. */
    public LocalDate to(LocalDate planned) {
        return planned.plusDays(window);
    }
}
