package org.datman.dashboard.projection;

import java.time.Instant;
import java.util.UUID;
import org.datman.contracts.event.ConfigurationRead;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.GoldStandardSet;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.QcAlarm;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.platform.event.Subjects;

/**
 * An event with the keys that decide whether it is newer than another about the same subject.
 *
 * @param identity its subject: of two events with one topic and identity, only the newer is kept
 * @param session {@code server/accession}; empty when it is about no session
 * @param scan XNAT's scan id; empty when it is about no series
 * @param rank its revision, larger is newer; equal ranks are ordered by {@code said}
 * @param said when it was published
 */
record LatestEvent(
        String topic,
        String identity,
        String session,
        String scan,
        Rank rank,
        UUID eventId,
        Instant said,
        String source,
        Event event) {

    /** A revision of up to two parts. */
    record Rank(long major, long minor) {}

    static LatestEvent of(Envelope<?> envelope) {
        Event event = envelope.event();
        return new LatestEvent(
                event.type().topic(),
                identity(event),
                Subjects.session(event).map(SessionRef::identity).orElse(""),
                Subjects.scan(event).orElse(""),
                rank(event),
                envelope.id(),
                envelope.time(),
                envelope.source(),
                event);
    }

    /** Reviews, runs and requests each have their own identity: a later one does not replace an earlier one. */
    private static String identity(Event event) {
        if (event instanceof QcReviewed
                || event instanceof ReprocessRequested
                || event instanceof PipelineRequested
                || event instanceof GoldStandardSet) {
            return event.identity() + "#" + event.revision();
        } else if (event instanceof PipelineUpdated e) {
            return e.identity() + "#" + e.runKey();
        }
        return event.identity();
    }

    private static Rank rank(Event event) {
        if (event instanceof SessionDiscovered e) {
            return new Rank(e.sessionRevision(), 0);
        } else if (event instanceof SeriesDiscovered e) {
            return new Rank(e.seriesRevision(), 0);
        } else if (event instanceof ResourceDiscovered e) {
            return new Rank(e.resourceRevision(), 0);
        } else if (event instanceof SessionSettled e) {
            return new Rank(e.settleRevision(), 0);
        } else if (event instanceof SeriesTagged e) {
            return new Rank(e.seriesRevision(), 0);
        } else if (event instanceof SeriesExported e) {
            return new Rank(e.seriesRevision(), e.exportRevision());
        } else if (event instanceof ResourceExported e) {
            return new Rank(e.resourceRevision(), 0);
        } else if (event instanceof QcComplete e) {
            return new Rank(e.seriesRevision(), e.finished().toEpochMilli());
        } else if (event instanceof QcAlarm e) {
            return new Rank(e.alarmRevision(), 0);
        } else if (event instanceof SessionChecked e) {
            return new Rank(e.settleRevision(), e.checkRevision());
        } else if (event instanceof PipelineUpdated e) {
            return new Rank(e.attempt(), e.state().ordinal());
        } else if (event instanceof ConfigurationRead e) {
            return new Rank(e.time().toEpochMilli(), 0);
        }
        return new Rank(0, 0);
    }
}
