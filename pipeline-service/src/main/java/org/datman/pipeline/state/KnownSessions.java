package org.datman.pipeline.state;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import org.datman.contracts.event.SessionRef;

/** The sessions that events named. */
@ApplicationScoped
class KnownSessions implements PanacheRepositoryBase<KnownSession, String> {

    /** Locks the session for this transaction; inserts it if it is new: of two consumers that meet a new one both go on, one after the other. */
    KnownSession lock(SessionRef session) {
        getEntityManager()
                .createQuery("insert into KnownSession (session, server, accession, decidedWith, again, linkedAs)"
                        + " values (:session, :server, :accession, '', false, '') on conflict do nothing")
                .setParameter("session", session.identity())
                .setParameter("server", session.server())
                .setParameter("accession", session.accession())
                .executeUpdate();
        return findById(session.identity(), LockModeType.PESSIMISTIC_WRITE);
    }
}
