package org.datman.ingest.reprocess;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesAssigned;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.ingest.diff.Assignments;
import org.datman.ingest.outgoing.ChainedOutbox;
import org.datman.ingest.outgoing.EventChain;
import org.datman.ingest.published.PublishedSession;
import org.datman.ingest.published.SessionStore;
import org.datman.ingest.queue.SessionQueue;
import org.datman.ingest.queue.SyncOrigin;
import org.datman.ingest.sync.SyncWorkers;
import org.datman.platform.event.EventConsumer;
import org.datman.platform.event.PermanentException;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Keeps what a person assigned to a series, and publishes the series with it as a new revision, which is tagged as any other. XNAT
 * is asked only for a series that is not known.
 */
@ApplicationScoped
class SeriesAssignedListener {

    private final EventConsumer consumer;
    private final SessionStore store;
    private final SessionQueue queue;
    private final SyncWorkers workers;
    private final ChainedOutbox outbox;

    SeriesAssignedListener(
            EventConsumer consumer, SessionStore store, SessionQueue queue, SyncWorkers workers, ChainedOutbox outbox) {
        this.consumer = consumer;
        this.store = store;
        this.queue = queue;
        this.workers = workers;
        this.outbox = outbox;
    }

    @Incoming("series-assigned")
    @Blocking
    CompletionStage<Void> on(Message<byte[]> message) {
        return consumer.consume(message, SeriesAssigned.class, "assign", this::handle);
    }

    private void handle(Envelope<SeriesAssigned> envelope) {
        SeriesAssigned assigned = envelope.event();
        EventChain chain =
                new EventChain(envelope.correlationId(), envelope.id().toString());
        boolean known = QuarkusTransaction.requiringNew().call(() -> {
            store.lock(assigned.session());
            store.storeAssignment(envelope);
            PublishedSession published = store.stored(assigned.session());
            publish(published, chain);
            boolean has = published.presentSeries().stream()
                    .anyMatch(one -> one.scan().equals(assigned.scan())
                            || (one.uid().isPresent() && one.uid().equals(assigned.uid())));
            if (!has) {
                // It may be read just now, without this: then it is read once more.
                queue.now(assigned.session(), SyncOrigin.REQUEST, chain);
            }
            return has;
        });
        if (!known) {
            workers.wake();
            throw new PermanentException(new Reason(
                    "unknown-series",
                    "Ingest knows no series of " + assigned.session().identity() + " with scan " + assigned.scan()
                            + ": what was assigned to it is kept and applies when it comes",
                    "The session is read from its server now by itself. If it has no such series, look it up there"));
        }
    }

    private void publish(PublishedSession published, EventChain chain) {
        List<SeriesDiscovered> present = published.presentSeries();
        Assignments assignments = new Assignments(published.assignments(), present);
        for (SeriesDiscovered one : present) {
            SeriesDiscovered now = one.withAssigned(assignments.of(one));
            if (!now.equals(one)) {
                SeriesDiscovered changed = now.withSeriesRevision(one.seriesRevision() + 1);
                store.store(changed);
                outbox.publish(chain, changed);
            }
        }
    }
}
