package org.datman.platform.event;

import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;

/** Does the work that an event asks for, publishes what follows, then returns. Must be safe to repeat. */
@FunctionalInterface
public interface EventHandler<E extends Event> {

    /**
     * @throws OutageException when something outside is away: the event waits and is tried again
     * @throws PermanentException when it can never succeed: the event is dead-lettered with the reason
     * @throws Exception anything else is tried a few times and then treated as permanent
     */
    void handle(Envelope<E> envelope) throws Exception;
}
