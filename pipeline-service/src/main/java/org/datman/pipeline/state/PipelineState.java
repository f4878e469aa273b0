package org.datman.pipeline.state;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.EventType;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.pipeline.selection.SessionFacts;

/**
 * Stores the latest event of each type, so that any order of topics leads to the same state. An event of an older revision
 * never overwrites a newer one.
 */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
public class PipelineState {

    private final EntityManager entities;

    PipelineState(EntityManager entities) {
        this.entities = entities;
    }

    /** Locks the session for this transaction; inserts it if it is new. */
    public void lock(SessionRef session) {
        entities.createNativeQuery("insert into pipeline_session (session, server, accession)"
                        + " values (:session, :server, :accession) on conflict do nothing")
                .setParameter("session", session.identity())
                .setParameter("server", session.server())
                .setParameter("accession", session.accession())
                .executeUpdate();
        entities.find(SessionRow.class, session.identity(), LockModeType.PESSIMISTIC_WRITE);
    }

    /** Stores an event of a locked session, unless a newer one is known. */
    public void remember(SessionRef session, Event event) {
        LatestEventKey key = new LatestEventKey(session.identity(), event.type().topic(), event.identity());
        LatestEvent known = entities.find(LatestEvent.class, key);
        if (known == null) {
            LatestEvent fresh = new LatestEvent();
            fresh.session = key.session();
            fresh.topic = key.topic();
            fresh.identity = key.identity();
            fresh.event = write(event);
            entities.persist(fresh);
        } else if (!event.order()
                .isOlderThan(read(known.event, event.getClass()).order())) {
            known.event = write(event);
        }
    }

    /** The known state of a session; empty while it has no study or no name. */
    public Optional<SessionFacts> facts(SessionRef session) {
        List<SessionDiscovered> discovered = all(session, SessionDiscovered.class);
        if (discovered.isEmpty()) {
            return Optional.empty();
        }
        Map<String, QcComplete> results = new HashMap<>();
        all(session, QcComplete.class).forEach(result -> results.put(result.stem(), result));
        Map<String, QcReviewed> reviews = new HashMap<>();
        all(session, QcReviewed.class)
                .forEach(review -> reviews.put(review.stem().orElse(""), review));
        return SessionFacts.of(
                discovered.get(0),
                all(session, SeriesExported.class),
                results,
                reviews,
                all(session, SessionChecked.class).stream().findFirst());
    }

    /** The last decision on a pipeline of a session; empty text before the first one. */
    public String lastDecision(SessionRef session, String pipeline) {
        PublishedRow row = entities.find(PublishedRow.class, new PublishedKey(session.identity(), pipeline));
        return row == null ? "" : row.what;
    }

    /** Stores a decision that is published now; returns its number, from 1. */
    public int decided(SessionRef session, String pipeline, String what) {
        PublishedRow row = entities.find(PublishedRow.class, new PublishedKey(session.identity(), pipeline));
        if (row == null) {
            row = new PublishedRow();
            row.session = session.identity();
            row.pipeline = pipeline;
            row.what = what;
            row.count = 1;
            entities.persist(row);
        } else {
            row.what = what;
            row.count++;
        }
        return row.count;
    }

    /** Stores the rules and descriptors of a session's last decision. */
    public void decidedWith(SessionRef session, String revision) {
        entities.find(SessionRow.class, session.identity()).decidedWith = revision;
    }

    /** Sessions that were last decided with other rules. */
    public List<SessionRef> notDecidedWith(String revision, int limit) {
        return entities.createQuery(
                        "from SessionRow s where s.decidedWith <> :revision order by s.session", SessionRow.class)
                .setParameter("revision", revision)
                .setMaxResults(limit)
                .getResultStream()
                .map(row -> new SessionRef(row.server, row.accession))
                .toList();
    }

    private <E extends Event> List<E> all(SessionRef session, Class<E> type) {
        return entities.createQuery(
                        "from LatestEvent r where r.session = :session and r.topic = :topic order by r.identity",
                        LatestEvent.class)
                .setParameter("session", session.identity())
                .setParameter("topic", EventType.of(type).topic())
                .getResultStream()
                .map(row -> read(row.event, type))
                .toList();
    }

    private static String write(Event event) {
        return new String(EventJson.write(event), StandardCharsets.UTF_8);
    }

    private static <E extends Event> E read(String json, Class<E> type) {
        try {
            return EventJson.read(json.getBytes(StandardCharsets.UTF_8), type);
        } catch (EventFormatException e) {
            throw new IllegalStateException("A stored " + type.getSimpleName() + " cannot be read any more", e);
        }
    }
}
