package org.datman.local.demo;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;

/** Histories of sessions, by server and accession. */
final class SessionHistories {

    private final Map<String, SessionHistory> sessions = new TreeMap<>();

    Collection<SessionHistory> sessions() {
        return sessions.values();
    }

    /** The session that has, or once had, that label. */
    Optional<SessionHistory> called(String label) {
        return sessions.values().stream().filter(s -> s.wasCalled(label)).findFirst();
    }

    /** Those sessions that have, or once had, one of the labels; the histories are shared, not copied. */
    SessionHistories only(Collection<String> labels) {
        SessionHistories chosen = new SessionHistories();
        sessions.forEach((identity, history) -> {
            if (labels.stream().anyMatch(history::wasCalled)) {
                chosen.sessions.put(identity, history);
            }
        });
        return chosen;
    }

    private SessionHistory session(SessionRef ref) {
        return sessions.computeIfAbsent(ref.identity(), identity -> new SessionHistory(ref));
    }

    /**
     * Events of different topics come in any order; within a session the newest of each kind is kept.
     *
     * @return the session that the event is of, if it is of one
     */
    Optional<SessionHistory> add(Event event, Instant time) {
        Optional<SessionRef> of = event.sessionRef();
        if (of.isEmpty()) {
            return Optional.empty();
        }
        SessionHistory history = session(of.get());
        if (event instanceof SessionDiscovered e) {
            history.history.add(e);
            if (history.discovered
                    .filter(old -> old.sessionRevision() > e.sessionRevision())
                    .isEmpty()) {
                history.discovered = Optional.of(e);
            }
            if (history.firstSeen.filter(first -> first.isBefore(time)).isEmpty()) {
                history.firstSeen = Optional.of(time);
            }
        } else if (event instanceof SeriesDiscovered e) {
            SeriesHistory series = history.series(e.scan());
            series.discovered = Optional.of(e);
            if (series.firstDiscovered.isEmpty()) {
                series.firstDiscovered = Optional.of(time);
            }
            series.times.put("discovered", time);
        } else if (event instanceof SeriesTagged e) {
            SeriesHistory series = history.series(e.scan());
            series.tagged = Optional.of(e);
            series.times.put("tagged", time);
        } else if (event instanceof SeriesExported e) {
            SeriesHistory series = history.series(e.scan());
            series.exported = Optional.of(e);
            series.times.put("exported", time);
        } else if (event instanceof QcComplete e) {
            SeriesHistory series = history.series(e.scan());
            series.measured.put(e.stem(), e);
            series.times.put("measured", time);
        } else if (event instanceof SessionSettled e) {
            history.settled = Optional.of(e);
        } else if (event instanceof SessionChecked e) {
            history.checked = Optional.of(e);
        } else if (event instanceof PipelineUpdated e) {
            history.runs.put(e.pipeline() + "/" + e.runKey(), e);
            history.runHistory.add(e);
        } else if (event instanceof QcReviewed e) {
            history.reviews.add(e.reviewId());
        } else if (event instanceof ProcessingFailed e) {
            history.failures.add(e);
        }
        return Optional.of(history);
    }
}
