package org.datman.ingest.session;

import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SessionDiscovered;

/**
 * The last published state of a session.
 *
 * @param series by scan id
 * @param resources by event identity
 */
public record PublishedSession(
        Optional<SessionDiscovered> session,
        Map<String, SeriesDiscovered> series,
        Map<String, ResourceDiscovered> resources) {

    static final PublishedSession NOTHING = new PublishedSession(Optional.empty(), Map.of(), Map.of());
}
