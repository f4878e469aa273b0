package org.datman.pipeline.request;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.PipelineAnswered;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.pipeline.bids.BidsQueue;
import org.datman.pipeline.state.PipelineState;
import org.datman.platform.event.EventConsumer;
import org.datman.platform.event.PermanentException;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Consumes the events of a session, stores them, and decides again which pipelines may run. */
@ApplicationScoped
class SessionEventListener {

    private final EventConsumer consumer;
    private final PipelineState state;
    private final Decisions decisions;
    private final BidsQueue bids;

    SessionEventListener(EventConsumer consumer, PipelineState state, Decisions decisions, BidsQueue bids) {
        this.consumer = consumer;
        this.state = state;
        this.decisions = decisions;
        this.bids = bids;
    }

    @Incoming("session-discovered")
    @Blocking
    CompletionStage<Void> onDiscovered(Message<byte[]> message) {
        return consume(message, SessionDiscovered.class);
    }

    /** No pipeline depends on tags; which images were acquired, and the names of their series, decide about names in BIDS. */
    @Incoming("series-tagged")
    @Blocking
    CompletionStage<Void> onTagged(Message<byte[]> message) {
        return store(message, SeriesTagged.class);
    }

    /** Behavioural files become events of runs in BIDS, and associated files are inputs of tools. */
    @Incoming("resource-exported")
    @Blocking
    CompletionStage<Void> onResource(Message<byte[]> message) {
        return consume(message, ResourceExported.class);
    }

    @Incoming("series-exported")
    @Blocking
    CompletionStage<Void> onExported(Message<byte[]> message) {
        return consume(message, SeriesExported.class);
    }

    @Incoming("qc-complete")
    @Blocking
    CompletionStage<Void> onMeasured(Message<byte[]> message) {
        return consume(message, QcComplete.class);
    }

    @Incoming("session-checked")
    @Blocking
    CompletionStage<Void> onChecked(Message<byte[]> message) {
        return consume(message, SessionChecked.class);
    }

    @Incoming("qc-reviewed")
    @Blocking
    CompletionStage<Void> onReviewed(Message<byte[]> message) {
        return consume(message, QcReviewed.class);
    }

    /** What a person answered to a manual step. */
    @Incoming("pipeline-answered")
    @Blocking
    CompletionStage<Void> onAnswered(Message<byte[]> message) {
        return consumer.consume(message, PipelineAnswered.class, "answer", answered -> QuarkusTransaction.requiringNew()
                .run(() -> {
                    state.lock(answered.event().session());
                    state.store(answered);
                    decisions.decide(answered, answered.event().session());
                }));
    }

    @Incoming("reprocess-requested")
    @Blocking
    CompletionStage<Void> onReprocess(Message<byte[]> message) {
        return consumer.consume(message, ReprocessRequested.class, "reprocess", request -> {
            if (request.event().stage() == ReprocessRequested.Stage.PIPELINE) {
                SessionRef session = request.event().session();
                QuarkusTransaction.requiringNew().run(() -> {
                    state.lock(session);
                    bids.asked(session);
                });
                if (request.event().pipeline().filter(BidsQueue.NAME::equals).isEmpty()) {
                    Optional<Reason> unanswered = QuarkusTransaction.requiringNew()
                            .call(() -> {
                                state.lock(session);
                                return decisions.decideAgain(request);
                            });
                    if (unanswered.isPresent()) {
                        throw new PermanentException(unanswered.get());
                    }
                }
            }
            // The other stages belong to other services, which consume the same request.
        });
    }

    private <E extends Event.OfSession> CompletionStage<Void> store(Message<byte[]> message, Class<E> type) {
        return consumer.consume(message, type, "select", envelope -> QuarkusTransaction.requiringNew()
                .run(() -> {
                    SessionRef session = envelope.event().session();
                    state.lock(session);
                    state.store(envelope);
                    bids.changed(session);
                }));
    }

    private <E extends Event.OfSession> CompletionStage<Void> consume(Message<byte[]> message, Class<E> type) {
        return consumer.consume(message, type, "select", envelope -> QuarkusTransaction.requiringNew()
                .run(() -> {
                    SessionRef session = envelope.event().session();
                    state.lock(session);
                    state.store(envelope);
                    bids.changed(session);
                    decisions.decide(envelope, session);
                }));
    }
}
