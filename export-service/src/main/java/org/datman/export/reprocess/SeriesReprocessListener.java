package org.datman.export.reprocess;

import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.export.resource.ResourceExporter;
import org.datman.export.series.SeriesExporter;
import org.datman.export.work.FaultCollector;
import org.datman.platform.event.EventConsumer;
import org.datman.platform.study.Studies;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Consumes requests to repeat a stage; those for other stages belong to other services. */
@ApplicationScoped
class SeriesReprocessListener {

    private final EventConsumer consumer;
    private final SeriesExporter series;
    private final ResourceExporter resources;
    private final Studies studies;

    SeriesReprocessListener(
            EventConsumer consumer, SeriesExporter series, ResourceExporter resources, Studies studies) {
        this.consumer = consumer;
        this.series = series;
        this.resources = resources;
        this.studies = studies;
    }

    @Incoming("reprocess-requested")
    @Blocking
    CompletionStage<Void> onRequest(Message<byte[]> message) {
        return consumer.consume(message, ReprocessRequested.class, "export", request -> {
            if (request.event().stage() == ReprocessRequested.Stage.EXPORT) {
                FaultCollector faults = new FaultCollector();
                faults.collect(() -> resources.again(request, studies.current()));
                faults.collect(() -> series.again(request));
                faults.end();
            }
        });
    }
}
