package org.datman.pipeline.state;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.datman.contracts.event.SessionRef;

/** The last decisions. */
@ApplicationScoped
class PublishedDecisions implements PanacheRepositoryBase<PublishedDecision, DecisionKey> {

    /** Those of some sessions, by the session's identity and the pipeline. */
    Map<String, Map<String, String>> ofSessions(Collection<SessionRef> sessions) {
        Map<String, Map<String, String>> all = new HashMap<>();
        getEntityManager()
                .createQuery(
                        "select d.session, d.pipeline, d.what from PublishedDecision d where d.session in :sessions",
                        Object[].class)
                .setParameter(
                        "sessions", sessions.stream().map(SessionRef::identity).toList())
                .getResultStream()
                .forEach(row -> all.computeIfAbsent((String) row[0], session -> new HashMap<>())
                        .put((String) row[1], (String) row[2]));
        return all;
    }

    /** Stores a decision in place of the last one; returns its number, from 1. One statement: many are stored in one transaction. */
    int replace(SessionRef session, String pipeline, String what) {
        return ((Number) getEntityManager()
                        .createNativeQuery("""
                                insert into published_decision as last (session, pipeline, what, count)
                                values (:session, :pipeline, :what, 1)
                                on conflict (session, pipeline) do update set what = excluded.what, count = last.count + 1
                                returning count
                                """, Integer.class)
                        .setParameter("session", session.identity())
                        .setParameter("pipeline", pipeline)
                        .setParameter("what", what)
                        .getSingleResult())
                .intValue();
    }
}
