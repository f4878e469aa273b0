package org.datman.contracts.event;

import java.time.Instant;
import java.util.Optional;

/**
 * Repeat a stage for a session or one of its series.
 *
 * @param stage which stage
 * @param scan only this scan, when set
 * @param stem only this exported image, when set; for the stage {@code QC}
 * @param pipeline only this pipeline of the study, when set; for the stage {@code PIPELINE}
 * @param requestId made by the requester; distinguishes requests
 * @param requestedBy login name
 * @param causeEventId the failed event that is retried, when that is the reason
 */
@WithBuilder
public record ReprocessRequested(
        SessionRef session,
        Stage stage,
        Optional<String> scan,
        Optional<String> stem,
        Optional<String> pipeline,
        String requestId,
        String requestedBy,
        Optional<String> causeEventId,
        Instant time)
        implements Event.OfSession, ReprocessRequestedBuilder.With {

    /** The stages that can be repeated. */
    public enum Stage {
        INGEST,
        TAGGING,
        EXPORT,
        QC,
        CHECK,
        PIPELINE
    }

    @Override
    public String identity() {
        return session.identity() + "/" + stage + scan.map(s -> "/" + s).orElse("");
    }

    @Override
    public String revision() {
        return requestId;
    }

    @Override
    public Optional<ScanId> scanId() {
        return scan.map(ScanId::new);
    }

    @Override
    public EventOrder order() {
        return EventOrder.of(time);
    }

    @Override
    public String summary() {
        return requestedBy + " asked to reprocess " + Summaries.words(stage)
                + scan.map(one -> " for series " + one).orElse("")
                + pipeline.map(one -> " of " + one).orElse("");
    }
}
