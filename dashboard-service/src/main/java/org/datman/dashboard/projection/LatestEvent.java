package org.datman.dashboard.projection;

import java.time.Instant;
import java.util.UUID;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventOrder;
import org.datman.contracts.event.GoldStandardSet;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ScanId;
import org.datman.contracts.event.SessionRef;

/**
 * An event with the keys that decide whether it is newer than another about the same subject.
 *
 * @param identity its subject: of two events with one topic and identity, only the newer is kept
 * @param session {@code server/accession}; empty when it is about no session
 * @param scan XNAT's scan id; empty when it is about no series
 * @param order larger is newer; equal ones are ordered by {@code said}
 * @param said when it was published
 */
record LatestEvent(
        String topic,
        String identity,
        String session,
        String scan,
        EventOrder order,
        UUID eventId,
        Instant said,
        String source,
        Event event) {

    static LatestEvent of(Envelope<?> envelope) {
        Event event = envelope.event();
        return new LatestEvent(
                event.type().topic(),
                identity(event),
                event.sessionRef().map(SessionRef::identity).orElse(""),
                event.scanId().map(ScanId::text).orElse(""),
                event.order(),
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
}
