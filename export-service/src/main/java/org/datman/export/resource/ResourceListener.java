package org.datman.export.resource;

import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.platform.event.EventConsumer;
import org.datman.platform.study.Studies;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Consumes resource-discovered events. */
@ApplicationScoped
class ResourceListener {

    private final EventConsumer consumer;
    private final ResourceExporter exporter;
    private final Studies studies;

    ResourceListener(EventConsumer consumer, ResourceExporter exporter, Studies studies) {
        this.consumer = consumer;
        this.exporter = exporter;
        this.studies = studies;
    }

    @Incoming("resource-discovered")
    @Blocking
    CompletionStage<Void> onDiscovered(Message<byte[]> message) {
        return consumer.consume(
                message, ResourceDiscovered.class, "export", envelope -> exporter.handle(envelope, studies.current()));
    }
}
