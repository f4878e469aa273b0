package org.datman.ingest.outgoing;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventId;
import org.datman.platform.event.EventPublisher;
import org.datman.platform.event.Traces;
import org.datman.platform.outbox.Outbox;

/** Puts events into the outbox with the event chain of the session's queue entry. */
@ApplicationScoped
public class ChainedOutbox {

    private final Outbox outbox;
    private final EventPublisher publisher;
    private final Clock clock;
    private final Traces traces;

    ChainedOutbox(Outbox outbox, EventPublisher publisher, Clock clock, Traces traces) {
        this.traces = traces;
        this.outbox = outbox;
        this.publisher = publisher;
        this.clock = clock;
    }

    /** Stores an event in the current transaction. */
    public void publish(EventChain chain, Event event) {
        outbox.store(traces.trace(
                new Envelope<>(
                        EventId.of(event),
                        publisher.source(),
                        clock.instant(),
                        chain.correlation(),
                        chain.causation(),
                        Optional.empty(),
                        event),
                chain.since()));
    }
}
