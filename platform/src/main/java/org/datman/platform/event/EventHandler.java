package org.datman.platform.event;

import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;

/** Processes an event, publishes the results, then returns. Must be idempotent. */
@FunctionalInterface
public interface EventHandler<E extends Event> {

    /**
     * @throws OutageException when an external system is unavailable: the event waits and is retried
     * @throws PermanentException when it can never succeed: the event is dead-lettered with the reason
     * @throws Exception anything else is retried a few times and then treated as permanent
     */
    void handle(Envelope<E> envelope) throws Exception;
}
