package org.datman.ingest.diff;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.event.SessionSettledBuilder;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.ingest.failure.IngestFailures;
import org.datman.ingest.published.PublishedSession;
import org.datman.ingest.published.SessionState;
import org.datman.ingest.published.SettlePolicy;
import org.datman.ingest.queue.SyncTask;
import org.datman.ingest.read.SessionSnapshot;

/**
 * What is stored and published after a session was read. Pure.
 *
 * @param state to be stored
 * @param changes since the last publication, to be stored
 * @param events to be published, in this order
 */
public record SessionResult(SessionState state, SessionChanges changes, List<Event> events) {

    public SessionResult {
        events = List.copyOf(events);
    }

    /**
     * What was known before.
     *
     * @param state of the session; that of {@link SessionState#first} when it was never seen
     * @param published its last published events
     * @param studies the study configuration
     * @param otherwise when a session without a study settles
     */
    public record Before(
            SessionState state, PublishedSession published, StudyConfigurations studies, SettlePolicy otherwise) {

        private SettlePolicy policy(SessionState now) {
            return studies.byProject(now.project())
                    .map(study -> new SettlePolicy(study.quietPeriod(), study.settleCap()))
                    .orElse(otherwise);
        }
    }

    /** The session exists, with this state on XNAT. */
    public static SessionResult present(SyncTask task, Before before, SessionSnapshot snapshot, Instant now) {
        SessionChanges changes = new SessionDiff(task.ref(), before.studies()).present(before.published(), snapshot);
        SessionState state = changed(before, changes, now).withOutline(snapshot.outline());
        PublishedSession published = after(before.published(), changes);
        List<Event> events = new ArrayList<>(changes.events());
        Oddities.fresh(before.published().series(), changes.series())
                .forEach(reason -> events.add(IngestFailures.inSession(task.ref(), "look-at-series", reason, now)));
        if (task.republish()) {
            events.addAll(again(task, state, published, changes, before));
        }
        boolean settles = state.isDue(now) && (changes.isEmpty() || state.isCapOver(now));
        if (!settles) {
            return new SessionResult(state, changes, events);
        }
        SessionResult settled = settled(state, published, before, now);
        events.addAll(settled.events());
        return new SessionResult(settled.state(), changes, events);
    }

    /** The session was read and is as it was: settles it after the quiet period, because webhooks alone prove nothing. */
    public static SessionResult unchanged(Before before, Instant now) {
        SessionState state = before.state();
        return state.isDue(now)
                ? settled(state, before.published(), before, now)
                : new SessionResult(state, SessionChanges.NONE, List.of());
    }

    /** The session is deleted on XNAT. */
    public static SessionResult gone(SyncTask task, Before before, Instant now) {
        SessionChanges changes = new SessionDiff(task.ref(), before.studies()).gone(before.published());
        SessionState state = changed(before, changes, now).withOutline("").withoutDeadline();
        return new SessionResult(state, changes, changes.events());
    }

    /** The session settles now. */
    public static SessionResult settled(Before before, Instant now) {
        return settled(before.state(), before.published(), before, now);
    }

    private static SessionState changed(Before before, SessionChanges changes, Instant now) {
        SessionState named = changes.session().map(before.state()::published).orElse(before.state());
        return changes.isEmpty() ? named : named.changed(now, before.policy(named));
    }

    private static PublishedSession after(PublishedSession before, SessionChanges changes) {
        return before.with(changes.changed(), changes.series(), changes.resources());
    }

    /** What is published once more on request, except what is published anyway. */
    private static List<Event> again(
            SyncTask task, SessionState state, PublishedSession published, SessionChanges changes, Before before) {
        List<Event> events = new ArrayList<>();
        String scan = task.scan().orElse(null);
        if (changes.changed() == null && scan == null) {
            events.add(published.session().orElseThrow());
        }
        published.series().values().stream()
                .filter(series -> scan == null || scan.equals(series.scan()))
                .filter(series -> !changes.series().contains(series))
                .forEach(events::add);
        if (scan == null) {
            published.resources().values().stream()
                    .filter(resource -> !changes.resources().contains(resource))
                    .forEach(events::add);
            if (state.settleRevision() > 0 && state.settleAt() == null) {
                // The same state as before: consumers that missed it receive it, and nobody treats it as a change.
                events.add(event(state, published, before.policy(state)));
            }
        }
        return events;
    }

    private static SessionResult settled(SessionState state, PublishedSession published, Before before, Instant now) {
        SessionState settled = state.settled(now);
        return new SessionResult(
                settled, SessionChanges.NONE, List.of(event(settled, published, before.policy(state))));
    }

    private static SessionSettled event(SessionState state, PublishedSession published, SettlePolicy policy) {
        Instant at = state.settledAt() == null ? state.lastChange() : state.settledAt();
        return SessionSettledBuilder.builder()
                .session(state.ref())
                .settleRevision(state.settleRevision())
                .cause(
                        policy.timedOut(state.lastChange(), at)
                                ? SessionSettled.Cause.TIMED_OUT
                                : SessionSettled.Cause.QUIET)
                .series(published.presentSeries().stream()
                        .map(series -> new SessionSettled.SettledSeries(series.scan(), series.seriesRevision()))
                        .toList())
                .resources(published.presentResources().size())
                .firstSeen(state.firstSeen())
                .lastChange(state.lastChange())
                .build();
    }
}
