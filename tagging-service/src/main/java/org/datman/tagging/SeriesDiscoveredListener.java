package org.datman.tagging;

import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.study.SeriesTagger;
import org.datman.platform.event.EventConsumer;
import org.datman.platform.event.EventPublisher;
import org.datman.platform.study.Studies;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Consumes series-discovered, decides with the current study configuration, publishes the decision. */
@ApplicationScoped
class SeriesDiscoveredListener {

    private final EventConsumer consumer;
    private final EventPublisher publisher;
    private final Studies studies;

    SeriesDiscoveredListener(EventConsumer consumer, EventPublisher publisher, Studies studies) {
        this.consumer = consumer;
        this.publisher = publisher;
        this.studies = studies;
    }

    @Incoming("series-discovered")
    @Blocking
    CompletionStage<Void> on(Message<byte[]> message) {
        return consumer.consume(
                message,
                SeriesDiscovered.class,
                "tag",
                series -> publisher.publish(series, SeriesTagger.decide(series.event(), studies.current())));
    }
}
