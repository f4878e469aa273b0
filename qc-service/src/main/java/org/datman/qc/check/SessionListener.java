package org.datman.qc.check;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.platform.event.EventConsumer;
import org.datman.qc.state.QcState;
import org.datman.qc.trend.Trends;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Consumes the events that change a session, stores them and checks the session again. */
@ApplicationScoped
class SessionListener {

    private final EventConsumer consumer;
    private final QcState state;
    private final SessionCheck check;
    private final Trends trends;

    SessionListener(EventConsumer consumer, QcState state, SessionCheck check, Trends trends) {
        this.consumer = consumer;
        this.state = state;
        this.check = check;
        this.trends = trends;
    }

    @Incoming("session-discovered")
    @Blocking
    CompletionStage<Void> onDiscovered(Message<byte[]> message) {
        return consume(message, SessionDiscovered.class);
    }

    @Incoming("session-settled")
    @Blocking
    CompletionStage<Void> onSettled(Message<byte[]> message) {
        return consume(message, SessionSettled.class);
    }

    @Incoming("series-tagged")
    @Blocking
    CompletionStage<Void> onTagged(Message<byte[]> message) {
        return consume(message, SeriesTagged.class);
    }

    @Incoming("resource-exported")
    @Blocking
    CompletionStage<Void> onResource(Message<byte[]> message) {
        return consume(message, ResourceExported.class);
    }

    @Incoming("qc-reviewed")
    @Blocking
    CompletionStage<Void> onReviewed(Message<byte[]> message) {
        return consumer.consume(message, QcReviewed.class, "check", envelope -> QuarkusTransaction.requiringNew()
                .run(() -> {
                    QcReviewed event = envelope.event();
                    state.store(envelope);
                    event.stem().ifPresent(stem -> trends.reviewed(envelope, event.session(), stem));
                    check.check(envelope, event.session());
                }));
    }

    /**
     * One transaction: after a crash between two, the sessions of the subject that the session had before it was renamed would be known to
     * nobody. All of them are locked before any is checked, in the order of their ids, so that two such transactions never wait for each other.
     */
    private <E extends Event.OfSession> CompletionStage<Void> consume(Message<byte[]> message, Class<E> type) {
        return consumer.consume(message, type, "check", envelope -> QuarkusTransaction.requiringNew()
                .run(() -> {
                    SessionRef session = envelope.event().session();
                    Set<SessionRef> all = new TreeSet<>(Comparator.comparing(SessionRef::identity));
                    all.addAll(check.dependent(session));
                    state.store(envelope);
                    all.addAll(check.dependent(session));
                    all.add(session);
                    all.forEach(state::lock);
                    all.forEach(one -> check.check(envelope, one));
                }));
    }
}
