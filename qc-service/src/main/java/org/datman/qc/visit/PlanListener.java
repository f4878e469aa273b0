package org.datman.qc.visit;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.datman.contracts.event.VisitPlanned;
import org.datman.platform.event.EventConsumer;
import org.datman.qc.state.QcState;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Stores what is planned in REDCap; {@link VisitCheck} compares it. */
@ApplicationScoped
class PlanListener {

    private final EventConsumer consumer;
    private final QcState state;

    PlanListener(EventConsumer consumer, QcState state) {
        this.consumer = consumer;
        this.state = state;
    }

    @Incoming("visit-planned")
    @Blocking
    CompletionStage<Void> onPlanned(Message<byte[]> message) {
        return consumer.consume(message, VisitPlanned.class, "check", envelope -> QuarkusTransaction.requiringNew()
                .run(() -> state.store(envelope)));
    }
}
