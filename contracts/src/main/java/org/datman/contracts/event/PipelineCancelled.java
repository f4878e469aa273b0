package org.datman.contracts.event;

import java.time.Instant;
import java.util.Optional;

/**
 * A person cancels a run that is queued or running. It is not started again by itself: only when a person asks for it, or when its
 * inputs, its tool or its parameters change.
 *
 * @param pipeline as in {@link PipelineUpdated}
 * @param runKey which run
 * @param attempt the attempt that the person saw; the run that a later request began is not cancelled
 * @param reason why, in the person's words
 * @param cancelledBy login name
 */
@WithBuilder
public record PipelineCancelled(
        SessionRef session,
        String study,
        String pipeline,
        String runKey,
        int attempt,
        String reason,
        String cancelledBy,
        Instant time)
        implements Event.OfSession, PipelineCancelledBuilder.With {

    /** Who, when and why, for people. */
    public String basis() {
        return "by " + cancelledBy + " on " + time.toString().substring(0, 10) + " ('" + reason + "')";
    }

    @Override
    public String identity() {
        return session.identity() + "/" + pipeline + "/" + runKey;
    }

    @Override
    public String revision() {
        return attempt + "@" + time + "@" + cancelledBy;
    }

    @Override
    public Optional<ScanId> scanId() {
        return Optional.empty();
    }

    @Override
    public EventOrder order() {
        return EventOrder.of(time);
    }

    @Override
    public String summary() {
        return cancelledBy + " cancelled the run of pipeline " + pipeline + ": " + reason;
    }
}
