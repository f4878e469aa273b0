package org.datman.ingest.session;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventId;
import org.datman.platform.event.EventPublisher;
import org.datman.platform.outbox.Outbox;

/** Puts events into the outbox as members of the chain that a hint began. */
@ApplicationScoped
public class Telling {

    private final Outbox outbox;
    private final EventPublisher publisher;
    private final Clock clock;

    Telling(Outbox outbox, EventPublisher publisher, Clock clock) {
        this.outbox = outbox;
        this.publisher = publisher;
        this.clock = clock;
    }

    /**
     * What an event follows from.
     *
     * @param correlation shared by all that follows from one webhook, sweep or request
     * @param causation the event that asked for it, if one did
     */
    public record Chain(String correlation, Optional<String> causation) {}

    /** Stores an event in the current transaction. */
    public void say(Chain chain, Event event) {
        outbox.store(new Envelope<>(
                EventId.of(event),
                publisher.source(),
                clock.instant(),
                chain.correlation(),
                chain.causation(),
                Optional.empty(),
                event));
    }
}
