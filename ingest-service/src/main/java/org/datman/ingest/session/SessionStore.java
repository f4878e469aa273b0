package org.datman.ingest.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;

/** Stores the last published state. All methods need a transaction. */
@ApplicationScoped
public class SessionStore {

    /** The session's row, locked for this transaction. */
    public Optional<PublishedSessionRow> lock(SessionRef ref) {
        return Optional.ofNullable(PublishedSessionRow.findById(ref.identity(), LockModeType.PESSIMISTIC_WRITE));
    }

    /** The last published state of a session. */
    public PublishedSession stored(SessionRef ref) {
        Optional<PublishedSessionRow> session = PublishedSessionRow.findByIdOptional(ref.identity());
        if (session.isEmpty()) {
            return PublishedSession.NOTHING;
        }
        Map<String, SeriesDiscovered> series = new HashMap<>();
        series(ref).forEach(s -> series.put(s.scan(), s));
        Map<String, ResourceDiscovered> resources = new HashMap<>();
        resources(ref).forEach(r -> resources.put(r.identity(), r));
        return new PublishedSession(session.map(s -> read(s.told, SessionDiscovered.class)), series, resources);
    }

    /** The series of a session as last published, including removed ones. */
    public List<SeriesDiscovered> series(SessionRef ref) {
        return PublishedSeries.<PublishedSeries>list("sessionId = ?1 order by id", ref.identity()).stream()
                .map(s -> read(s.told, SeriesDiscovered.class))
                .toList();
    }

    /** The series of all sessions as last published, including removed ones, as a stream: there may be very many. */
    public Stream<SeriesDiscovered> allSeries() {
        return PublishedSeries.<PublishedSeries>streamAll().map(s -> read(s.told, SeriesDiscovered.class));
    }

    /** The paired data of a session as last published, including removed ones. */
    public List<ResourceDiscovered> resources(SessionRef ref) {
        return PublishedResource.<PublishedResource>list("sessionId = ?1 order by id", ref.identity()).stream()
                .map(r -> read(r.told, ResourceDiscovered.class))
                .toList();
    }

    /** The last published state of the session itself. */
    public SessionDiscovered published(PublishedSessionRow state) {
        return read(state.told, SessionDiscovered.class);
    }

    public void keep(PublishedSessionRow state, SessionDiscovered published) {
        state.project = published.project();
        state.deleted = published.status() == SessionDiscovered.Status.DELETED;
        state.configRevision = published.configRevision();
        state.told = write(published);
    }

    public void keep(SeriesDiscovered published) {
        PublishedSeries state = PublishedSeries.findById(published.identity());
        if (state == null) {
            state = new PublishedSeries();
            state.id = published.identity();
            state.sessionId = published.session().identity();
            state.scan = published.scan();
        }
        state.revision = published.seriesRevision();
        state.told = write(published);
        state.persist();
    }

    public void keep(ResourceDiscovered published) {
        PublishedResource state = PublishedResource.findById(published.identity());
        if (state == null) {
            state = new PublishedResource();
            state.id = published.identity();
            state.sessionId = published.session().identity();
        }
        state.revision = published.resourceRevision();
        state.told = write(published);
        state.persist();
    }

    private static String write(Event event) {
        try {
            return EventJson.mapper().writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An event can always be written", e);
        }
    }

    private static <E extends Event> E read(String published, Class<E> type) {
        try {
            return EventJson.read(published.getBytes(java.nio.charset.StandardCharsets.UTF_8), type);
        } catch (EventFormatException e) {
            throw new IllegalStateException("A stored " + type.getSimpleName() + " cannot be read any more", e);
        }
    }
}
