package org.datman.pipeline.state;

import jakarta.enterprise.context.ApplicationScoped;
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

    private final KnownSessions sessions;
    private final PublishedDecisions decisions;
    private final LatestEvents latest;

    PipelineState(KnownSessions sessions, PublishedDecisions decisions, LatestEvents latest) {
        this.sessions = sessions;
        this.decisions = decisions;
        this.latest = latest;
    }

    /** Locks the session for this transaction; inserts it if it is new. */
    public void lock(SessionRef session) {
        sessions.lock(session);
    }

    /** Stores an event of a session, unless a newer one is known. */
    public void store(Envelope<?> envelope) {
        latest.storeIfNewer(envelope);
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
                        latest.find(SessionChecked.class, session.identity()).orElse(null)));
    }

    /** Reads all last decisions of a session at once; without it each is read by itself. */
    public void readDecisions(SessionRef session) {
        decisions.list("session", session.identity());
    }

    /** The last decision on a pipeline of a session; empty text before the first one. */
    public String lastDecision(SessionRef session, String pipeline) {
        return decisions
                .findByIdOptional(new DecisionKey(session.identity(), pipeline))
                .map(PublishedDecision::what)
                .orElse("");
    }

    /** The pipelines of a session of which the last decision is that they wait. */
    public List<String> waiting(SessionRef session) {
        return decisions.stream("session = ?1 and what like 'waiting %'", session.identity())
                .map(PublishedDecision::pipeline)
                .toList();
    }

    /** Stores a decision that is published now; returns its number, from 1. */
    public int decided(SessionRef session, String pipeline, String what) {
        DecisionKey key = new DecisionKey(session.identity(), pipeline);
        Optional<PublishedDecision> before = decisions.findByIdOptional(key);
        if (before.isPresent()) {
            return before.get().replace(what);
        }
        decisions.persist(new PublishedDecision(key, what));
        return 1;
    }

    /** Stores the rules and descriptors of a session's last decision. */
    public void decidedWith(SessionRef session, String revision) {
        sessions.findById(session.identity()).decidedWith(revision);
    }

    /** Something changed that no event has: the session is decided again. */
    public void decideAgain(SessionRef session) {
        sessions.update("again = true where session = ?1", session.identity());
    }

    /**
     * Stores under which study and name a session's results are linked now; returns those of before, {@code STUDY/NAME}, empty while there were
     * none.
     */
    public String linkedAs(SessionRef session, String studyAndName) {
        KnownSession known = sessions.findById(session.identity());
        String before = known.linkedAs();
        known.linkedAs(studyAndName);
        return before;
    }
}
