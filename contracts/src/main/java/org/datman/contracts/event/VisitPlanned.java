package org.datman.contracts.event;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What the visit plan of a study in REDCap says of one visit; the newest event of each visit together are the plan. Published whenever it changes. Of a person it
 * has the identifier in the study and the planned days.
 *
 * @param study study code
 * @param visit the planned timepoint of a subject, {@code SPN01_CMH_0001_02}; {@code record 12} for a record that cannot be assigned,
 *     {@code record 12 event visit_9_arm_1} for a day that is of no timepoint, {@code record 12 for SPN01_CMH_0001_02} where another record plans that
 *     already; {@code REDCap} when the plan cannot be read
 * @param visitRevision grows with each change of this visit, from 1
 * @param state whether the visit has days
 * @param from first day on which it is right; present with {@code to}
 * @param to last day on which it is right; present when {@code state} is {@code PLANNED}
 * @param records ids of the REDCap records that plan it
 * @param field REDCap's field with the planned day; empty when the fault is of no such field
 * @param configRevision study configuration used
 * @param reason what that means and what to do
 */
@WithBuilder
public record VisitPlanned(
        String study,
        String visit,
        long visitRevision,
        State state,
        Optional<LocalDate> from,
        Optional<LocalDate> to,
        List<String> records,
        String field,
        String configRevision,
        Reason reason)
        implements Event.OfNoSession, VisitPlannedBuilder.With {

    /**
     * {@code PLANNED}: with its days; {@code UNDATED}: planned for no day that can be read; {@code UNREADABLE}: a record names no visit of the study, or REDCap cannot
     * be read, and what was read before applies; {@code WITHDRAWN}: REDCap does not plan it any more, or the fault is gone.
     */
    public enum State {
        PLANNED,
        UNDATED,
        UNREADABLE,
        WITHDRAWN
    }

    @Override
    public String key() {
        return study;
    }

    @Override
    public String identity() {
        return study + "/" + visit;
    }

    @Override
    public String revision() {
        return visitRevision + "@" + configRevision;
    }

    @Override
    public EventOrder order() {
        return EventOrder.of(visitRevision);
    }

    @Override
    public String summary() {
        return "Visit plan of study " + study + " in REDCap: " + reason.message();
    }
}
