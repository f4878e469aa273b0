package org.datman.pipeline.request;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.pipeline.state.PipelineState;
import org.datman.platform.event.EventConsumer;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Consumes the events of a session, stores them, and decides again which pipelines may run. */
@ApplicationScoped
class SessionEventListener {

    private static final int AT_ONCE = 100;

    private final EventConsumer consumer;
    private final PipelineState state;
    private final Decisions decisions;

    SessionEventListener(EventConsumer consumer, PipelineState state, Decisions decisions) {
        this.consumer = consumer;
        this.state = state;
        this.decisions = decisions;
    }

    @Incoming("session-discovered")
    @Blocking
    CompletionStage<Void> onDiscovered(Message<byte[]> message) {
        return consume(message, SessionDiscovered.class);
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

    @Incoming("reprocess-requested")
    @Blocking
    CompletionStage<Void> onReprocess(Message<byte[]> message) {
        return consumer.consume(message, ReprocessRequested.class, "reprocess", asked -> {
            if (asked.event().stage() == ReprocessRequested.Stage.PIPELINE) {
                QuarkusTransaction.requiringNew().run(() -> {
                    state.lock(asked.event().session());
                    decisions.decideAgain(asked);
                });
            }
            // The other stages belong to other services, which consume the same request.
        });
    }

    /** Applies changed rules and descriptors to known sessions. */
    @Scheduled(
            every = "${datman.pipelines.review-every}",
            delayed = "5s",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void applyChangedRules() {
        String revision = QuarkusTransaction.requiringNew().call(decisions::rulesRevision);
        List<SessionRef> stale;
        do {
            stale = QuarkusTransaction.requiringNew().call(() -> state.notDecidedWith(revision, AT_ONCE));
            for (SessionRef session : stale) {
                QuarkusTransaction.requiringNew().run(() -> {
                    state.lock(session);
                    decisions.decide(Optional.empty(), session);
                });
            }
        } while (stale.size() == AT_ONCE && decisionsStillHold(revision));
    }

    private boolean decisionsStillHold(String revision) {
        return QuarkusTransaction.requiringNew()
                .call(() -> decisions.rulesRevision().equals(revision));
    }

    private <E extends Event.OfSession> CompletionStage<Void> consume(Message<byte[]> message, Class<E> type) {
        return consumer.consume(message, type, "select", envelope -> QuarkusTransaction.requiringNew()
                .run(() -> {
                    SessionRef session = envelope.event().session();
                    state.lock(session);
                    state.remember(envelope);
                    decisions.decide(Optional.of(envelope), session);
                }));
    }
}
