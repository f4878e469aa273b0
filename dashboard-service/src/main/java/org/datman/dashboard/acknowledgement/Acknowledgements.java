package org.datman.dashboard.acknowledgement;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import org.datman.dashboard.audit.AuditLog;
import org.datman.dashboard.projection.GrantedSessions;
import org.datman.dashboard.projection.Projector;

/** Stores acknowledgements. They are in no topic and survive a rebuild. */
@ApplicationScoped
public class Acknowledgements implements PanacheRepositoryBase<Acknowledgement, String> {

    private final Projector projector;
    private final GrantedSessions sessions;
    private final AuditLog audit;
    private final Clock clock;

    Acknowledgements(Projector projector, GrantedSessions sessions, AuditLog audit, Clock clock) {
        this.audit = audit;
        this.sessions = sessions;
        this.projector = projector;
        this.clock = clock;
    }

    /**
     * Stores that a failure or an alarm needs nobody any more, in place of an earlier acknowledgement, and recomputes its session.
     *
     * @param subject identity of the failure or alarm
     * @param session that it belongs to; empty for none
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void acknowledge(String subject, String session, String by, String note) {
        sessions.require(session);
        projector.lock(session);
        getEntityManager().merge(new Acknowledgement(subject, by, note, clock.instant()));
        flush();
        audit.record(new AuditLog.Entry("acknowledged", sessions.study(session), session, subject));
        projector.refresh(session);
    }
}
