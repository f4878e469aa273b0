package org.datman.ingest.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SessionDiscovered;

/** The events to be published so that the published state matches the session. */
public record SessionChanges(
        Optional<SessionDiscovered> session, List<SeriesDiscovered> series, List<ResourceDiscovered> resources) {

    public static final SessionChanges NONE = new SessionChanges(Optional.empty(), List.of(), List.of());

    public boolean isEmpty() {
        return session.isEmpty() && series.isEmpty() && resources.isEmpty();
    }

    /** The session first, then its series, then its paired data. */
    public List<Event> events() {
        List<Event> events = new ArrayList<>();
        session.ifPresent(events::add);
        events.addAll(series);
        events.addAll(resources);
        return events;
    }
}
