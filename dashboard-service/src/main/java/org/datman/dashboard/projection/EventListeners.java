package org.datman.dashboard.projection;

import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.datman.contracts.event.ConfigurationConfirmed;
import org.datman.contracts.event.ConfigurationRead;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.FormChecked;
import org.datman.contracts.event.GoldStandardSet;
import org.datman.contracts.event.PipelineAnswered;
import org.datman.contracts.event.PipelineCancelled;
import org.datman.contracts.event.PipelinePaused;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.QcAlarm;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesAssigned;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.event.VisitChecked;
import org.datman.contracts.event.VisitPlanned;
import org.datman.platform.event.EventConsumer;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Consumes all topics, each on its own channel. */
@ApplicationScoped
class EventListeners {

    private static final String SHOW = "show";

    private final EventConsumer consumer;
    private final Projector projector;
    private final VerdictTimes verdicts;

    EventListeners(EventConsumer consumer, Projector projector, VerdictTimes verdicts) {
        this.consumer = consumer;
        this.projector = projector;
        this.verdicts = verdicts;
    }

    @Incoming("session-discovered")
    @Blocking
    CompletionStage<Void> onSessionDiscovered(Message<byte[]> message) {
        return consume(message, SessionDiscovered.class);
    }

    @Incoming("series-discovered")
    @Blocking
    CompletionStage<Void> onSeriesDiscovered(Message<byte[]> message) {
        return consume(message, SeriesDiscovered.class);
    }

    @Incoming("resource-discovered")
    @Blocking
    CompletionStage<Void> onResourceDiscovered(Message<byte[]> message) {
        return consume(message, ResourceDiscovered.class);
    }

    @Incoming("session-settled")
    @Blocking
    CompletionStage<Void> onSessionSettled(Message<byte[]> message) {
        return consume(message, SessionSettled.class);
    }

    @Incoming("series-tagged")
    @Blocking
    CompletionStage<Void> onSeriesTagged(Message<byte[]> message) {
        return consume(message, SeriesTagged.class);
    }

    @Incoming("series-exported")
    @Blocking
    CompletionStage<Void> onSeriesExported(Message<byte[]> message) {
        return consume(message, SeriesExported.class);
    }

    @Incoming("resource-exported")
    @Blocking
    CompletionStage<Void> onResourceExported(Message<byte[]> message) {
        return consume(message, ResourceExported.class);
    }

    @Incoming("qc-complete")
    @Blocking
    CompletionStage<Void> onQcComplete(Message<byte[]> message) {
        return consumer.consume(message, QcComplete.class, SHOW, envelope -> {
            Optional<Duration> took = verdicts.first(envelope);
            projector.apply(envelope);
            took.ifPresent(verdicts::record);
        });
    }

    @Incoming("qc-alarm")
    @Blocking
    CompletionStage<Void> onQcAlarm(Message<byte[]> message) {
        return consume(message, QcAlarm.class);
    }

    @Incoming("session-checked")
    @Blocking
    CompletionStage<Void> onSessionChecked(Message<byte[]> message) {
        return consume(message, SessionChecked.class);
    }

    @Incoming("visit-planned")
    @Blocking
    CompletionStage<Void> onVisitPlanned(Message<byte[]> message) {
        return consume(message, VisitPlanned.class);
    }

    @Incoming("visit-checked")
    @Blocking
    CompletionStage<Void> onVisitChecked(Message<byte[]> message) {
        return consume(message, VisitChecked.class);
    }

    @Incoming("form-checked")
    @Blocking
    CompletionStage<Void> onFormChecked(Message<byte[]> message) {
        return consume(message, FormChecked.class);
    }

    @Incoming("qc-reviewed")
    @Blocking
    CompletionStage<Void> onQcReviewed(Message<byte[]> message) {
        return consume(message, QcReviewed.class);
    }

    @Incoming("gold-standard-set")
    @Blocking
    CompletionStage<Void> onGoldStandardSet(Message<byte[]> message) {
        return consume(message, GoldStandardSet.class);
    }

    @Incoming("series-assigned")
    @Blocking
    CompletionStage<Void> onSeriesAssigned(Message<byte[]> message) {
        return consume(message, SeriesAssigned.class);
    }

    @Incoming("pipeline-requested")
    @Blocking
    CompletionStage<Void> onPipelineRequested(Message<byte[]> message) {
        return consume(message, PipelineRequested.class);
    }

    @Incoming("pipeline-updated")
    @Blocking
    CompletionStage<Void> onPipelineUpdated(Message<byte[]> message) {
        return consume(message, PipelineUpdated.class);
    }

    @Incoming("pipeline-cancelled")
    @Blocking
    CompletionStage<Void> onPipelineCancelled(Message<byte[]> message) {
        return consume(message, PipelineCancelled.class);
    }

    @Incoming("pipeline-answered")
    @Blocking
    CompletionStage<Void> onPipelineAnswered(Message<byte[]> message) {
        return consume(message, PipelineAnswered.class);
    }

    @Incoming("pipeline-paused")
    @Blocking
    CompletionStage<Void> onPipelinePaused(Message<byte[]> message) {
        return consume(message, PipelinePaused.class);
    }

    @Incoming("reprocess-requested")
    @Blocking
    CompletionStage<Void> onReprocessRequested(Message<byte[]> message) {
        return consume(message, ReprocessRequested.class);
    }

    @Incoming("configuration-read")
    @Blocking
    CompletionStage<Void> onConfigurationRead(Message<byte[]> message) {
        return consume(message, ConfigurationRead.class);
    }

    @Incoming("configuration-confirmed")
    @Blocking
    CompletionStage<Void> onConfigurationConfirmed(Message<byte[]> message) {
        return consume(message, ConfigurationConfirmed.class);
    }

    @Incoming("processing-failed")
    @Blocking
    CompletionStage<Void> onProcessingFailed(Message<byte[]> message) {
        return consume(message, ProcessingFailed.class);
    }

    private <E extends Event> CompletionStage<Void> consume(Message<byte[]> message, Class<E> type) {
        return consumer.consume(message, type, SHOW, projector::apply);
    }
}
