package org.datman.export.work;

import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;

/** Publishes an event caused by another one; returns when Kafka has accepted it. */
@FunctionalInterface
public interface EventSender {

    void send(Envelope<?> cause, Event event);
}
