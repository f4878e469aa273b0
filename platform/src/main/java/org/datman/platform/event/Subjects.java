package org.datman.platform.event;

import java.util.Optional;
import org.datman.contracts.event.ConfigurationConfirmed;
import org.datman.contracts.event.ConfigurationRead;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.GoldStandardSet;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.ProcessingFailed;
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

/** Which session and scan an event is about. */
public final class Subjects {

    private Subjects() {}

    /** The session that an event is about, if it is about one. */
    public static Optional<SessionRef> session(Event event) {
        if (event instanceof SessionDiscovered e) {
            return Optional.of(e.session());
        } else if (event instanceof SeriesDiscovered e) {
            return Optional.of(e.session());
        } else if (event instanceof ResourceDiscovered e) {
            return Optional.of(e.session());
        } else if (event instanceof SessionSettled e) {
            return Optional.of(e.session());
        } else if (event instanceof SeriesTagged e) {
            return Optional.of(e.session());
        } else if (event instanceof SeriesExported e) {
            return Optional.of(e.session());
        } else if (event instanceof ResourceExported e) {
            return Optional.of(e.session());
        } else if (event instanceof QcComplete e) {
            return Optional.of(e.session());
        } else if (event instanceof QcAlarm e) {
            return Optional.of(e.session());
        } else if (event instanceof SessionChecked e) {
            return Optional.of(e.session());
        } else if (event instanceof QcReviewed e) {
            return Optional.of(e.session());
        } else if (event instanceof GoldStandardSet e) {
            return Optional.of(e.session());
        } else if (event instanceof PipelineRequested e) {
            return Optional.of(e.session());
        } else if (event instanceof PipelineUpdated e) {
            return Optional.of(e.session());
        } else if (event instanceof ReprocessRequested e) {
            return Optional.of(e.session());
        } else if (event instanceof ConfigurationRead || event instanceof ConfigurationConfirmed) {
            return Optional.empty();
        } else if (event instanceof ProcessingFailed e) {
            return e.session();
        }
        throw new IllegalArgumentException("No session rule for " + event.getClass());
    }

    /** The scan that an event is about, if it is about one. */
    public static Optional<String> scan(Event event) {
        if (event instanceof SeriesDiscovered e) {
            return Optional.of(e.scan());
        } else if (event instanceof SeriesTagged e) {
            return Optional.of(e.scan());
        } else if (event instanceof SeriesExported e) {
            return Optional.of(e.scan());
        } else if (event instanceof QcComplete e) {
            return Optional.of(e.scan());
        } else if (event instanceof QcAlarm e) {
            return Optional.of(e.scan());
        } else if (event instanceof QcReviewed e) {
            return e.scan();
        } else if (event instanceof ReprocessRequested e) {
            return e.scan();
        } else if (event instanceof ProcessingFailed e) {
            return e.scan();
        }
        return Optional.empty();
    }
}
