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
        implements Event {

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
    public String key() {
        return session.accession();
    }

    @Override
    public String identity() {
        return session.identity() + "/" + stage + scan.map(s -> "/" + s).orElse("");
    }

    @Override
    public String revision() {
        return requestId;
    }
}
