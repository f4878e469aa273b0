package org.datman.pipeline.state;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.List;
import org.datman.contracts.event.SessionRef;

/** The sessions that events named. */
@ApplicationScoped
class KnownSessions implements PanacheRepositoryBase<KnownSession, String> {

    /** Locks the session for this transaction; inserts it if it is new. */
    KnownSession lock(SessionRef session) {
        // SQL: an upsert. Of two consumers that meet a new session at once both go on, one after the other.
        getEntityManager()
                .createNativeQuery("insert into pipeline_session (session, server, accession)"
                        + " values (:session, :server, :accession) on conflict do nothing")
                .setParameter("session", session.identity())
                .setParameter("server", session.server())
                .setParameter("accession", session.accession())
                .executeUpdate();
        return findById(session.identity(), LockModeType.PESSIMISTIC_WRITE);
    }

    /** Those that were last decided with other rules. */
    List<KnownSession> notDecidedWith(String revision, int limit) {
        return find("decidedWith <> ?1", Sort.by("session"), revision)
                .page(0, limit)
                .list();
    }
}
