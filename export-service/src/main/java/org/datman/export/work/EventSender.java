package org.datman.export.work;

import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;

/** Says an event that answers another one; returns when Kafka has it. */
@FunctionalInterface
public interface EventSender {

    void send(Envelope<?> cause, Event event);
}
