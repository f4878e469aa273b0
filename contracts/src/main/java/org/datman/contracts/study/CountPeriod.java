package org.datman.contracts.study;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** How many series of a tag a session should have, from a day to a day, both included; null means without end. */
public record CountPeriod(
        @Nullable LocalDate from, @Nullable LocalDate to, int count) {

    boolean holdsOn(LocalDate day) {
        return (from == null || !day.isBefore(from)) && (to == null || !day.isAfter(to));
    }

    boolean overlaps(CountPeriod other) {
        return startsBeforeEndOf(other) && other.startsBeforeEndOf(this);
    }

    private boolean startsBeforeEndOf(CountPeriod other) {
        return from == null || other.to == null || !from.isAfter(other.to);
    }
}
