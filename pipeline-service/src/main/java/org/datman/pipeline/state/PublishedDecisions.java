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
}
