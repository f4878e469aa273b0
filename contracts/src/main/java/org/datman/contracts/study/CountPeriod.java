package org.datman.contracts.study;

import java.time.LocalDate;
import java.util.Optional;

/** How many series of a tag a session should have, from a day to a day, both included; absent means without end. */
public record CountPeriod(Optional<LocalDate> from, Optional<LocalDate> to, int count) {

    boolean holdsOn(LocalDate day) {
        return from.filter(day::isBefore).isEmpty() && to.filter(day::isAfter).isEmpty();
    }

    boolean overlaps(CountPeriod other) {
        return startsBeforeEndOf(other) && other.startsBeforeEndOf(this);
    }

    private boolean startsBeforeEndOf(CountPeriod other) {
        return from.isEmpty() || other.to.isEmpty() || !from.get().isAfter(other.to.get());
    }
}
