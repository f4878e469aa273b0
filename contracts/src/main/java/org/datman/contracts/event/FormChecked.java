package org.datman.contracts.event;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Whether a form in REDCap and the scans that it names are both there: also one that never comes is a fact. Published whenever the state of a
 * form changes. What staff wrote into the form is not in it.
 *
 * @param study study code
 * @param form the session that the form names, or that lacks one; {@code record 12} for a form that cannot be assigned; {@code REDCap} when its
 *     forms cannot be read
 * @param formRevision grows with each change, from 1
 * @param state whether the form is recorded, complete with its scans, or one of both is missing
 * @param records ids of the REDCap records that hold the form
 * @param date day of the scan by the form
 * @param sessions names of the sessions that arrived for it
 * @param configRevision study configuration used
 * @param reason what that means and what to do
 */
@WithBuilder
public record FormChecked(
        String study,
        String form,
        long formRevision,
        State state,
        List<String> records,
        Optional<LocalDate> date,
        List<String> sessions,
        String configRevision,
        Reason reason)
        implements Event.OfNoSession, FormCheckedBuilder.With {

    /**
     * {@code RECORDED}: the form is there, the scans are not due yet; {@code COMPLETE}: both are there; {@code DIFFERENT_DAY}: both, with other
     * days; {@code SCANS_MISSING}: the form alone, for too long; {@code FORM_MISSING}: the session alone, for too long; {@code UNREADABLE}: the
     * form names no session, or REDCap cannot be read; {@code WITHDRAWN}: nothing of it holds any more.
     */
    public enum State {
        RECORDED,
        COMPLETE,
        DIFFERENT_DAY,
        SCANS_MISSING,
        FORM_MISSING,
        UNREADABLE,
        WITHDRAWN
    }

    @Override
    public String key() {
        return study;
    }

    @Override
    public String identity() {
        return study + "/" + form;
    }

    @Override
    public String revision() {
        return formRevision + "@" + configRevision;
    }

    @Override
    public EventOrder order() {
        return EventOrder.of(formRevision);
    }

    @Override
    public String summary() {
        return "Form of study " + study + ": " + reason.message();
    }
}
