package org.datman.dashboard.projection;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.NotFoundException;
import org.datman.contracts.event.ConfigurationConfirmed;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.PipelinePaused;
import org.datman.contracts.event.SessionRef;
import org.datman.dashboard.access.Access;
import org.datman.dashboard.access.AccessScope;
import org.jdbi.v3.core.Jdbi;

/** Whether a decision is about what its request may see. */
@ApplicationScoped
public class GrantedSessions {

    private final Jdbi jdbi;
    private final Access access;

    GrantedSessions(Jdbi jdbi, Access access) {
        this.jdbi = jdbi;
        this.access = access;
    }

    /** Whether a session, {@code server/accession}, is one of those that the request may see; empty stands for none at all. */
    public boolean contains(String session) {
        return access.scope().everything()
                || jdbi.withHandle(
                        handle -> handle.createQuery("select exists (select 1 from session where session = :session)")
                                .bind("session", session)
                                .mapTo(Boolean.class)
                                .one());
    }

    /** The study of a session; empty when it is unknown or has none. */
    public String study(String session) {
        return jdbi.withHandle(handle -> handle.createQuery("select study from session where session = :session")
                .bind("session", session)
                .mapTo(String.class)
                .findOne()
                .orElse(""));
    }

    /** @throws NotFoundException when the request may not see the session */
    public void require(String session) {
        if (!contains(session)) {
            throw new NotFoundException("No session " + session + " is known");
        }
    }

    /** @throws NotFoundException when the request may not see what the event is about */
    void require(Event event) {
        AccessScope scope = access.scope();
        if (scope.everything()) {
            return;
        }
        if (event.sessionRef().isPresent()) {
            require(event.sessionRef().map(SessionRef::identity).orElseThrow());
            return;
        }
        // A decision for a whole study needs the role for the whole of it.
        String study = event instanceof PipelinePaused paused
                ? paused.study()
                : event instanceof ConfigurationConfirmed confirmed ? confirmed.study() : "";
        if (!scope.wholeStudy(study)) {
            throw new NotFoundException(
                    "No study " + study + " is known, or you have this role for some of its sites only");
        }
    }
}
