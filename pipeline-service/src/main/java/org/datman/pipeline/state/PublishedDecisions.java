package org.datman.pipeline.state;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.datman.contracts.event.SessionRef;

/** The last decisions. */
@ApplicationScoped
class PublishedDecisions implements PanacheRepositoryBase<PublishedDecision, DecisionKey> {

    /** Those of some sessions, by the session's identity and the pipeline. */
    Map<String, Map<String, LastDecision>> ofSessions(Collection<SessionRef> sessions) {
        Map<String, Map<String, LastDecision>> all = new HashMap<>();
        getEntityManager()
                .createQuery(
                        "select d.session, d.pipeline, d.what, d.count from PublishedDecision d where d.session in :sessions",
                        Object[].class)
                .setParameter(
                        "sessions", sessions.stream().map(SessionRef::identity).toList())
                .getResultStream()
                .forEach(row -> all.computeIfAbsent((String) row[0], session -> new HashMap<>())
                        .put((String) row[1], new LastDecision((String) row[2], (int) row[3])));
        return all;
    }

    /** Stores decisions in place of the last ones, by pipeline. One statement: a changed fact may be one for every pipeline of a study. */
    void replace(SessionRef session, Map<String, LastDecision> decisions) {
        List<String> pipelines = decisions.keySet().stream().sorted().toList();
        List<LastDecision> sorted = pipelines.stream().map(decisions::get).toList();
        getEntityManager()
                .createNativeQuery("""
                        insert into published_decision (session, pipeline, what, count)
                        select :session, decided.pipeline, decided.what, decided.count
                        from unnest(cast(:pipelines as text[]), cast(:decisions as text[]), cast(:counts as int[]))
                            as decided (pipeline, what, count)
                        on conflict (session, pipeline) do update set what = excluded.what, count = excluded.count
                        """)
                .setParameter("session", session.identity())
                .setParameter("pipelines", pipelines.toArray(String[]::new))
                .setParameter(
                        "decisions", sorted.stream().map(LastDecision::what).toArray(String[]::new))
                .setParameter("counts", sorted.stream().map(LastDecision::count).toArray(Integer[]::new))
                .executeUpdate();
    }
}
