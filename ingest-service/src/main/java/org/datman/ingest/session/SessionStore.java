package org.datman.ingest.session;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.platform.event.EventPublisher;
import org.datman.platform.latest.LatestEvents;

/** Stores the last published state. All methods need a transaction. */
@ApplicationScoped
public class SessionStore {

    private final LatestEvents latest;
    private final EventPublisher publisher;

    SessionStore(LatestEvents latest, EventPublisher publisher) {
        this.latest = latest;
        this.publisher = publisher;
    }

    /** The session's row, locked for this transaction. */
    public Optional<PublishedSessionRow> lock(SessionRef ref) {
        return Optional.ofNullable(PublishedSessionRow.findById(ref.identity(), LockModeType.PESSIMISTIC_WRITE));
    }

    /** The last published state of a session. */
    public PublishedSession stored(SessionRef ref) {
        Optional<SessionDiscovered> session = latest.find(SessionDiscovered.class, ref.identity());
        if (session.isEmpty()) {
            return PublishedSession.NOTHING;
        }
        Map<String, SeriesDiscovered> series = new HashMap<>();
        series(ref).forEach(s -> series.put(s.scan(), s));
        Map<String, ResourceDiscovered> resources = new HashMap<>();
        resources(ref).forEach(r -> resources.put(r.identity(), r));
        return new PublishedSession(session, series, resources);
    }

    /** The series of a session as last published, including removed ones. */
    public List<SeriesDiscovered> series(SessionRef ref) {
        return latest.ofSession(SeriesDiscovered.class, ref);
    }

    /** The series of all sessions as last published, including removed ones, one after the other: there may be very many. */
    public void allSeries(Consumer<SeriesDiscovered> each) {
        latest.all(SeriesDiscovered.class, each);
    }

    /** The paired data of a session as last published, including removed ones. */
    public List<ResourceDiscovered> resources(SessionRef ref) {
        return latest.ofSession(ResourceDiscovered.class, ref);
    }

    /** The last published state of the session itself. */
    public SessionDiscovered published(PublishedSessionRow state) {
        return latest.find(SessionDiscovered.class, state.id)
                .orElseThrow(() -> new IllegalStateException("Session " + state.id + " was never published"));
    }

    /**
     * Stores what is published of a session.
     *
     * @throws IllegalStateException when an event of a later time is stored: the session is to be read again
     */
    public void store(PublishedSessionRow state, SessionDiscovered published) {
        state.project = published.project();
        state.deleted = published.status() == SessionDiscovered.Status.DELETED;
        state.configRevision = published.configRevision();
        storeEvent(published);
    }

    /** Stores what is published of a series; errors as with a session. */
    public void store(SeriesDiscovered published) {
        storeEvent(published);
    }

    /** Stores what is published of an associated file; errors as with a session. */
    public void store(ResourceDiscovered published) {
        storeEvent(published);
    }

    private void storeEvent(Event published) {
        if (!latest.storeIfNewer(publisher.first(published))) {
            // The session is read again; a state that is stored nowhere would be published as new each time.
            throw new IllegalStateException(
                    "The clock is behind that of the last publication of " + published.identity());
        }
    }
}
