package org.datman.pipeline.request;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.Reason;
import org.datman.pipeline.run.JobWorkers;
import org.datman.pipeline.run.Jobs;
import org.datman.pipeline.state.PipelineState;
import org.datman.platform.event.EventConsumer;
import org.datman.platform.event.PermanentException;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Consumes requests and stores them as jobs; the workers run them. */
@ApplicationScoped
class PipelineRequestedListener {

    private final EventConsumer consumer;
    private final PipelineState state;
    private final Jobs jobs;
    private final JobWorkers workers;

    PipelineRequestedListener(EventConsumer consumer, PipelineState state, Jobs jobs, JobWorkers workers) {
        this.consumer = consumer;
        this.state = state;
        this.jobs = jobs;
        this.workers = workers;
    }

    @Incoming("pipeline-requested")
    @Blocking
    CompletionStage<Void> onRequested(Message<byte[]> message) {
        return consumer.consume(message, PipelineRequested.class, "request", request -> {
            PipelineRequested event = request.event();
            if (!ToolRunKey.of(event).equals(event.runKey())) {
                throw new PermanentException(new Reason(
                        "run-key-mismatch",
                        "The request for " + event.pipeline() + " on " + event.sessionName() + " has the run key "
                                + event.runKey() + ", which is not that of its tool, parameters and inputs",
                        "Press 'Run again' among the pipelines of the session page"));
            }
            // Before the transaction: the digests of large outputs take longer than one may last.
            Long known = event.byRules() ? jobs.wholeResult(event).orElse(null) : null;
            QuarkusTransaction.requiringNew().run(() -> {
                state.lock(event.session());
                jobs.accept(request, known);
            });
            workers.wake();
        });
    }
}
