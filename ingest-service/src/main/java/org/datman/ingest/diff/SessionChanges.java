package org.datman.ingest.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SessionDiscovered;
import org.jspecify.annotations.Nullable;

/**
 * The events to be published so that the published state matches the session.
 *
 * @param changed about the session itself; null when that has not changed
 */
public record SessionChanges(
        @Nullable SessionDiscovered changed, List<SeriesDiscovered> series, List<ResourceDiscovered> resources) {

    public static final SessionChanges NONE = new SessionChanges(null, List.of(), List.of());

    /** The event about the session itself. */
    public Optional<SessionDiscovered> session() {
        return Optional.ofNullable(changed);
    }

    public boolean isEmpty() {
        return changed == null && series.isEmpty() && resources.isEmpty();
    }

    /** The session first, then its series, then its paired data. */
    public List<Event> events() {
        List<Event> events = new ArrayList<>();
        session().ifPresent(events::add);
        events.addAll(series);
        events.addAll(resources);
        return events;
    }
}
