package org.datman.contracts.event;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Whether a session that the visit plan of a study names has arrived: also one that never comes is a fact. Published whenever the state of
 * a visit changes.
 *
 * @param study study code
 * @param visit the planned session or timepoint, {@code SPN01_CMH_0001_02}; a session that is not planned; a line of the plan that cannot be
 *     read or has no effect, {@code visits.csv line 3}; a record of REDCap that plans no visit of the study, {@code REDCap record 12}; {@code REDCap} when the
 *     plan there is not up to date
 * @param visitRevision grows with each change of this visit, from 1
 * @param state whether it is planned, due, overdue or arrived
 * @param from first day on which it is right; absent when the plan gives none
 * @param to last day on which it is right; absent for what is not planned
 * @param sessions names of the sessions that arrived for it
 * @param date day of the first of these
 * @param source where it is planned: the key {@code Visits}, the file of {@code VisitPlan}, or REDCap with its field
 * @param configRevision study configuration used
 * @param reason what that means and what to do
 */
@WithBuilder
public record VisitChecked(
        String study,
        String visit,
        long visitRevision,
        State state,
        Optional<LocalDate> from,
        Optional<LocalDate> to,
        List<String> sessions,
        Optional<LocalDate> date,
        String source,
        String configRevision,
        Reason reason)
        implements Event.OfNoSession, VisitCheckedBuilder.With {

    /**
     * {@code PLANNED}: its first day has not come; {@code DUE}: it has; {@code OVERDUE}: its last day is over and nothing arrived;
     * {@code UNPLANNED}: a session that the plan does not name; {@code WITHDRAWN}: the plan does not name it any more, or says that it will not come; {@code UNREADABLE}: a line or
     * file of the plan, or a session whose name cannot be read; or a line of the plan without effect; a visit that REDCap plans for no day.
     */
    public enum State {
        PLANNED,
        DUE,
        OVERDUE,
        ARRIVED,
        UNPLANNED,
        WITHDRAWN,
        UNREADABLE
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
        return "Visit plan of study " + study + ": " + reason.message();
    }
}
