package org.datman.contracts.event;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Nothing has changed in a session for the quiet period, or the longest wait is over: completeness can be checked now.
 *
 * @param settleRevision counts how often this session has settled, from 1
 * @param cause which of the two it was
 * @param series the series that the session held then, removed ones not counted
 * @param resources number of associated files then
 * @param firstSeen when DATMAN first saw the session
 * @param lastChange when DATMAN last saw it change
 */
@WithBuilder
public record SessionSettled(
        SessionRef session,
        long settleRevision,
        Cause cause,
        List<SettledSeries> series,
        int resources,
        Instant firstSeen,
        Instant lastChange)
        implements Event.OfSession, SessionSettledBuilder.With {

    /** Why waiting ended. */
    public enum Cause {
        QUIET,
        TIMED_OUT
    }

    /** One series of the settled session, at the revision that was current. */
    public record SettledSeries(String scan, long seriesRevision) {}

    @Override
    public String identity() {
        return session.identity();
    }

    @Override
    public String revision() {
        return Long.toString(settleRevision);
    }

    @Override
    public Optional<ScanId> scanId() {
        return Optional.empty();
    }

    @Override
    public EventOrder order() {
        return EventOrder.of(settleRevision);
    }

    @Override
    public String summary() {
        return "Upload complete with " + series.size() + " series and " + resources + " associated files"
                + (cause == Cause.QUIET ? "" : " (" + Summaries.words(cause) + ")");
    }
}
