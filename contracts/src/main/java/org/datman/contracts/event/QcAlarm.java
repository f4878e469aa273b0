package org.datman.contracts.event;

import java.time.LocalDate;
import java.util.Optional;

/**
 * A long-term change: a metric left its own history, or a header field moved away from the sessions before.
 *
 * @param alarmRevision grows with each change of this alarm, from 1
 * @param state whether it holds
 * @param session where it was noticed
 * @param phantom whether the session is of a phantom and not of a person
 * @param stem the image with which it was noticed
 * @param acquisition scanner, software and coil whose history it is
 * @param subject metric key or header field; several header fields that changed together for one cause are joined with commas
 * @param version version of the metric's definition; empty for header fields
 * @param rule the rule that raised it
 * @param severity {@code flag}, {@code warn} or {@code note}
 * @param since day from which the change probably dates
 * @param noticed day of the scan with which it was noticed
 * @param until day of the scan with which it was over; absent while it lasts
 * @param usual the value before, with unit
 * @param now the value since then, with unit
 * @param sigmas how far that is in standard deviations, negative for less; absent for header fields
 * @param reason for a rater, with what to do
 */
@WithBuilder
public record QcAlarm(
        SessionRef session,
        long alarmRevision,
        State state,
        String study,
        String site,
        String sessionName,
        boolean phantom,
        String scan,
        String stem,
        String tag,
        QcComplete.Acquisition acquisition,
        String subject,
        String version,
        Rule rule,
        String severity,
        LocalDate since,
        LocalDate noticed,
        Optional<LocalDate> until,
        String usual,
        String now,
        Optional<Double> sigmas,
        Reason reason)
        implements Event.OfSession, QcAlarmBuilder.With {

    /** {@code WITHDRAWN}: later information, a scan of an earlier day or a rater's decision, no longer supports it. */
    public enum State {
        RAISED,
        OVER,
        WITHDRAWN
    }

    /** What raises an alarm: limits, weighted mean and sums of a metric; the typical header of the sessions before. */
    public enum Rule {
        LIMIT,
        EWMA,
        CUSUM,
        HEADER_DRIFT
    }

    @Override
    public String identity() {
        return session.identity() + "/" + scan + "/" + stem + "/" + subject + "@" + version + "/" + rule;
    }

    @Override
    public String revision() {
        return Long.toString(alarmRevision);
    }

    @Override
    public Optional<ScanId> scanId() {
        return Optional.of(new ScanId(scan));
    }

    @Override
    public EventOrder order() {
        return EventOrder.of(alarmRevision);
    }

    @Override
    public String summary() {
        return "Alarm " + Summaries.words(state) + " with series " + scan + ": " + reason.message();
    }
}
