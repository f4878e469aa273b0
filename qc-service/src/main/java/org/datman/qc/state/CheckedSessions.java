package org.datman.qc.state;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import org.datman.contracts.event.SessionRef;

/** The sessions that events named. */
@ApplicationScoped
class CheckedSessions implements PanacheRepositoryBase<CheckedSession, String> {

    /** Locks the session for this transaction; inserts it if it is new: of two that meet a new one both go on, one after the other. */
    CheckedSession lock(SessionRef session) {
        getEntityManager()
                .createQuery("insert into CheckedSession (session, checkRevision) values (:session, 0)"
                        + " on conflict do nothing")
                .setParameter("session", session.identity())
                .executeUpdate();
        return findById(session.identity(), LockModeType.PESSIMISTIC_WRITE);
    }
}
