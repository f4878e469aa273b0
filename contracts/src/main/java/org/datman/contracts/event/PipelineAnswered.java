package org.datman.contracts.event;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A person answers a manual step of a pipeline: takes the files as they are, takes corrected ones, or asks for the step again.
 *
 * @param pipeline name of the step in the study configuration
 * @param runKey what the person looked at: the {@code runKey} with which {@link PipelineUpdated} said that the step waits. The answer is of no
 *     other
 * @param answer what was decided; it stands until the next one about the same files
 * @param corrected the corrected files by the id of the step's input, where the person put them; of those that are not here the files stay as they are
 * @param answeredBy login name
 */
@WithBuilder
public record PipelineAnswered(
        SessionRef session,
        String study,
        String pipeline,
        String runKey,
        Answer answer,
        Map<String, FileRef> corrected,
        String answeredBy,
        Instant time)
        implements Event.OfSession, PipelineAnsweredBuilder.With {

    /** The input of the run of a step that says what a person answered. */
    public static final String INPUT = "answer";

    private static final String TO = ", to ";

    /** What a person can answer. */
    public enum Answer {
        /** The files are good as they are. */
        ACCEPTED,
        /** The corrected files replace them. */
        CORRECTED,
        /** The answer of before no longer holds. */
        REOPENED
    }

    public PipelineAnswered {
        corrected = Map.copyOf(corrected);
    }

    /** What, who and when, for people. */
    public String basis() {
        return Summaries.words(answer) + " by " + answeredBy + " on "
                + time.toString().substring(0, 10);
    }

    /** The value of {@link #INPUT} in the run of the step. */
    public String asInput() {
        return basis() + TO + runKey;
    }

    /** {@link #runKey} of the answer of which a run of a step is; empty for a run of a tool. */
    public static Optional<String> keyOf(PipelineRequested run) {
        return Optional.ofNullable(run.parameters().get(INPUT))
                .filter(text -> text.contains(TO))
                .map(text -> text.substring(text.lastIndexOf(TO) + TO.length()));
    }

    /** The identity of the answer to a step of a session. */
    public static String identity(SessionRef session, String pipeline, String runKey) {
        return session.identity() + "/" + pipeline + "/" + runKey;
    }

    @Override
    public String identity() {
        return identity(session, pipeline, runKey);
    }

    @Override
    public String revision() {
        return answer + "@" + time + "@" + answeredBy;
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
        return answeredBy + " " + Summaries.words(answer) + " the files of pipeline " + pipeline;
    }
}
