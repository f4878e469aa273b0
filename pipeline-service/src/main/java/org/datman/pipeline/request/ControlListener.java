package org.datman.pipeline.request;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.datman.contracts.event.PipelineCancelled;
import org.datman.contracts.event.PipelinePaused;
import org.datman.pipeline.run.JobWorkers;
import org.datman.pipeline.run.Jobs;
import org.datman.pipeline.state.PipelineState;
import org.datman.platform.event.EventConsumer;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Consumes what people decide about runs: cancelled ones, paused pipelines. */
@ApplicationScoped
class ControlListener {

    private final EventConsumer consumer;
    private final PipelineState state;
    private final Jobs jobs;
    private final JobWorkers workers;

    ControlListener(EventConsumer consumer, PipelineState state, Jobs jobs, JobWorkers workers) {
        this.consumer = consumer;
        this.state = state;
        this.jobs = jobs;
        this.workers = workers;
    }

    @Incoming("pipeline-cancelled")
    @Blocking
    CompletionStage<Void> onCancelled(Message<byte[]> message) {
        return consumer.consume(
                message, PipelineCancelled.class, "cancel", cancelled -> QuarkusTransaction.requiringNew()
                        .run(() -> {
                            state.lock(cancelled.event().session());
                            jobs.cancel(cancelled.event());
                        }));
    }

    @Incoming("pipeline-paused")
    @Blocking
    CompletionStage<Void> onPaused(Message<byte[]> message) {
        return consumer.consume(message, PipelinePaused.class, "pause", paused -> {
            QuarkusTransaction.requiringNew().run(() -> state.store(paused));
            workers.wake();
        });
    }
}
