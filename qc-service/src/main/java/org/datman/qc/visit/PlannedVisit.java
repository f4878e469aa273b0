package org.datman.qc.visit;

import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A session that should exist.
 *
 * @param name of the session, or of its timepoint: then any repeat is right
 * @param timepoint the name without the repeat
 * @param from first right day; null when any earlier day is right
 * @param to last right day
 * @param source where it is planned: the key {@code Visits}, the file of {@code VisitPlan}, or REDCap with its field
 */
record PlannedVisit(String name, String timepoint, @Nullable LocalDate from, LocalDate to, String source) {

    Optional<LocalDate> findFrom() {
        return Optional.ofNullable(from);
    }

    /** In a sentence, where somebody planned it who does not see the study file; empty otherwise. */
    String origin() {
        return RedcapVisits.planned(source) ? ", as planned in " + source + "," : "";
    }

    /** Whether a timepoint is planned: then any repeat is right. */
    boolean anyRepeat() {
        return name.equals(timepoint);
    }

    /** Whether a session is this visit. */
    boolean fits(ArrivedSession session) {
        return anyRepeat() ? session.timepoint().equals(name) : session.name().equals(name);
    }
}
