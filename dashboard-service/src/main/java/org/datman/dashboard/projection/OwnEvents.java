package org.datman.dashboard.projection;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.NotFoundException;
import org.datman.contracts.event.ConfigurationConfirmed;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.PipelinePaused;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.SessionRef;
import org.datman.dashboard.audit.AuditLog;
import org.datman.platform.event.EventPublisher;
import org.datman.platform.outbox.Outbox;

/** What people decide on the pages, published as events of the dashboard. */
@ApplicationScoped
public class OwnEvents {

    private final EventPublisher publisher;
    private final Outbox outbox;
    private final Projector projector;
    private final GrantedSessions sessions;
    private final AuditLog audit;

    OwnEvents(EventPublisher publisher, Outbox outbox, Projector projector, GrantedSessions sessions, AuditLog audit) {
        this.audit = audit;
        this.sessions = sessions;
        this.publisher = publisher;
        this.outbox = outbox;
        this.projector = projector;
    }

    /** The name of this service in events. */
    public String service() {
        return publisher.service();
    }

    /**
     * Publishes an event in the transaction of its caller. Pages show it at once: consuming it from the topic changes nothing.
     *
     * @throws NotFoundException when it is about what the request may not see
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void publish(Event event) {
        sessions.require(event);
        // The service itself publishes failures; all others are decisions of people.
        if (!(event instanceof ProcessingFailed)) {
            audit.record(new AuditLog.Entry(
                    event.type().topic(),
                    study(event),
                    event.sessionRef().map(SessionRef::identity).orElse(event.identity()),
                    event.summary()));
        }
        Envelope<Event> envelope = publisher.first(event);
        outbox.store(envelope);
        projector.apply(envelope);
    }

    private String study(Event event) {
        if (event instanceof PipelinePaused paused) {
            return paused.study();
        }
        if (event instanceof ConfigurationConfirmed confirmed) {
            return confirmed.study();
        }
        return event.sessionRef().map(SessionRef::identity).map(sessions::study).orElse("");
    }
}
