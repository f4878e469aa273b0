package org.datman.export.work;

import jakarta.enterprise.context.ApplicationScoped;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.platform.event.EventPublisher;

/** Publishes to Kafka. */
@ApplicationScoped
class OutboxEventSender implements EventSender {

    private final EventPublisher publisher;

    OutboxEventSender(EventPublisher publisher) {
        this.publisher = publisher;
    }

    @Override
    public void send(Envelope<?> cause, Event event) {
        publisher.publish(cause, event);
    }
}
