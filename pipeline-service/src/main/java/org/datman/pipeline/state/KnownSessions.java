package org.datman.pipeline.state;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Map;
import org.datman.contracts.event.SessionRef;

/** The sessions that events named. */
@ApplicationScoped
class KnownSessions implements PanacheRepositoryBase<KnownSession, String> {

    /** Of PostgreSQL: rows that another transaction has locked are passed over instead of waited for. */
    private static final int SKIP_LOCKED = -2;

    /** Locks the session for this transaction; inserts it if it is new: of two consumers that meet a new one both go on, one after the other. */
    KnownSession lock(SessionRef session) {
        getEntityManager()
                .createQuery(
                        "insert into KnownSession (session, server, accession, study, decidedWith, again, linkedAs)"
                                + " values (:session, :server, :accession, '', '', false, '') on conflict do nothing")
                .setParameter("session", session.identity())
                .setParameter("server", session.server())
                .setParameter("accession", session.accession())
                .executeUpdate();
        return findById(session.identity(), LockModeType.PESSIMISTIC_WRITE);
    }

    /** Locks sessions of which something changed that no event has, those that nobody else has locked. */
    List<KnownSession> lockChanged(int most) {
        return find("again = true order by session")
                .page(0, most)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .withHint("jakarta.persistence.lock.timeout", SKIP_LOCKED)
                .list();
    }

    /**
     * Locks sessions that were decided with other rules than those of now, those that nobody else has locked.
     *
     * <p>SQL: each study has rules of its own, which are a table to be joined.
     *
     * @param revisions of the rules by study
     * @param without that of sessions of no study
     */
    @SuppressWarnings("unchecked") // the query names the entity
    List<KnownSession> lockOutdated(Map<String, String> revisions, String without, String after, int most) {
        List<Map.Entry<String, String>> each = List.copyOf(revisions.entrySet());
        return getEntityManager()
                .createNativeQuery("""
                        select s.* from pipeline_session s
                        left join unnest(cast(:studies as text[]), cast(:revisions as text[])) as rules (study, revision)
                            on rules.study = s.study
                        where s.session > :after and s.decided_with <> coalesce(rules.revision, :without)
                        order by s.session limit :most for no key update of s skip locked
                        """, KnownSession.class)
                .setParameter("studies", each.stream().map(Map.Entry::getKey).toArray(String[]::new))
                .setParameter(
                        "revisions", each.stream().map(Map.Entry::getValue).toArray(String[]::new))
                .setParameter("without", without)
                .setParameter("after", after)
                .setParameter("most", most)
                .getResultList();
    }
}
