package org.datman.export.series;

import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionSettled;
import org.datman.platform.event.EventConsumer;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Consumes tagged series and settled sessions. */
@ApplicationScoped
class SeriesTaggedListener {

    private final EventConsumer consumer;
    private final SeriesExporter exporter;

    SeriesTaggedListener(EventConsumer consumer, SeriesExporter exporter) {
        this.consumer = consumer;
        this.exporter = exporter;
    }

    @Incoming("series-tagged")
    @Blocking
    CompletionStage<Void> onTagged(Message<byte[]> message) {
        return consumer.consume(message, SeriesTagged.class, "export", exporter::handle);
    }

    @Incoming("session-settled")
    @Blocking
    CompletionStage<Void> onSettled(Message<byte[]> message) {
        return consumer.consume(message, SessionSettled.class, "export", exporter::handleSettled);
    }
}
