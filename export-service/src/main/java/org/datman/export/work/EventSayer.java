package org.datman.export.work;

import jakarta.enterprise.context.ApplicationScoped;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.platform.event.EventPublisher;

/** Says on Kafka. */
@ApplicationScoped
class EventSayer implements Sayer {

    private final EventPublisher publisher;

    EventSayer(EventPublisher publisher) {
        this.publisher = publisher;
    }

    @Override
    public void say(Envelope<?> cause, Event event) {
        publisher.say(cause, event);
    }
}
