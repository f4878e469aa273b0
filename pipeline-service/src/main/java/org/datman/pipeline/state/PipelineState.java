package org.datman.pipeline.state;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.pipeline.selection.SessionFacts;
import org.datman.platform.latest.LatestEvents;

/** What pipeline knows of sessions: the latest events of the other services, and its own last decisions. */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
public class PipelineState {

    private final EntityManager entities;
    private final LatestEvents latest;

    PipelineState(EntityManager entities, LatestEvents latest) {
        this.entities = entities;
        this.latest = latest;
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

    /** Stores an event of a session, unless a newer one is known. */
    public void remember(Envelope<?> envelope) {
        latest.keep(envelope);
    }

    /** The known state of a session; empty while it has no study or no name. */
    public Optional<SessionFacts> facts(SessionRef session) {
        Map<String, QcComplete> results = new HashMap<>();
        latest.ofSession(QcComplete.class, session).forEach(result -> results.put(result.stem(), result));
        Map<String, QcReviewed> reviews = new HashMap<>();
        latest.ofSession(QcReviewed.class, session)
                .forEach(review -> reviews.put(review.stem().orElse(""), review));
        return latest.find(SessionDiscovered.class, session.identity())
                .flatMap(discovered -> SessionFacts.of(
                        discovered,
                        latest.ofSession(SeriesExported.class, session),
                        results,
                        reviews,
                        latest.find(SessionChecked.class, session.identity())));
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
}
