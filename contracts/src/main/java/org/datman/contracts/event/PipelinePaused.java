package org.datman.contracts.event;

import java.time.Instant;

/**
 * A person pauses a pipeline of a study, or lets it go on. While it is paused none of its runs starts; those that are under way go
 * on.
 *
 * @param study code of the study
 * @param pipeline name of the rule in the study file
 * @param decision what was decided; it stands until the next one about this pipeline
 * @param reason why, in the person's words
 * @param decidedBy login name
 */
@WithBuilder
public record PipelinePaused(
        String study, String pipeline, Decision decision, String reason, String decidedBy, Instant time)
        implements Event.OfNoSession, PipelinePausedBuilder.With {

    /** What a person can decide. */
    public enum Decision {
        /** No run starts. */
        PAUSED,
        /** Runs start again. */
        RESUMED
    }

    /** Who, when and why, for people. */
    public String basis() {
        return "by " + decidedBy + " on " + time.toString().substring(0, 10) + " ('" + reason + "')";
    }

    @Override
    public String key() {
        return study;
    }

    @Override
    public String identity() {
        return study + "/" + pipeline;
    }

    @Override
    public String revision() {
        return time + "@" + decidedBy;
    }

    @Override
    public EventOrder order() {
        return EventOrder.of(time);
    }

    @Override
    public String summary() {
        return decidedBy + " " + Summaries.words(decision) + " pipeline " + pipeline + " of study " + study + ": "
                + reason;
    }
}
