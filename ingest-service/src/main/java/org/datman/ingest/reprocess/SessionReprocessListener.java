package org.datman.ingest.reprocess;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.ingest.outgoing.ChainedOutbox;
import org.datman.ingest.outgoing.EventChain;
import org.datman.ingest.published.SessionStore;
import org.datman.ingest.queue.SessionQueue;
import org.datman.ingest.sync.SyncWorkers;
import org.datman.platform.event.EventConsumer;
import org.datman.platform.event.PermanentException;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Reads a session again, or publishes its series again for tagging, on request of a person. */
@ApplicationScoped
public class SessionReprocessListener {

    private final EventConsumer consumer;
    private final SessionStore store;
    private final SessionQueue queue;
    private final SyncWorkers workers;
    private final ChainedOutbox outbox;

    SessionReprocessListener(
            EventConsumer consumer, SessionStore store, SessionQueue queue, SyncWorkers workers, ChainedOutbox outbox) {
        this.consumer = consumer;
        this.store = store;
        this.queue = queue;
        this.workers = workers;
        this.outbox = outbox;
    }

    @Incoming("reprocess-requested")
    @Blocking
    CompletionStage<Void> consume(Message<byte[]> message) {
        return consumer.consume(message, ReprocessRequested.class, "reprocess", this::handle);
    }

    private void handle(Envelope<ReprocessRequested> envelope) {
        ReprocessRequested request = envelope.event();
        EventChain chain =
                new EventChain(envelope.correlationId(), envelope.id().toString());
        switch (request.stage()) {
            case INGEST -> {
                QuarkusTransaction.requiringNew()
                        .run(() -> queue.republish(
                                request.session(), request.scan().orElse(null), chain));
                workers.wake();
            }
            case TAGGING -> QuarkusTransaction.requiringNew().run(() -> republishSeries(request, chain));
            case EXPORT, QC, CHECK, PIPELINE -> {
                // Other services' stages.
            }
            default -> throw new IllegalStateException("No such stage");
        }
    }

    private void republishSeries(ReprocessRequested request, EventChain chain) {
        List<SeriesDiscovered> series = store.series(request.session()).stream()
                .filter(s -> request.scan().isEmpty() || request.scan().get().equals(s.scan()))
                .toList();
        if (series.isEmpty()) {
            throw new PermanentException(new Reason(
                    "unknown-series",
                    "Ingest knows no series of " + request.session().identity()
                            + request.scan().map(scan -> " with scan " + scan).orElse(""),
                    "Press 'Re-import': the session is then read from its server"));
        }
        series.forEach(s -> outbox.publish(chain, s));
    }
}
