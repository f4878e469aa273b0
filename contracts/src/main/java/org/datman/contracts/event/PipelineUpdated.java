package org.datman.contracts.event;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * State of a pipeline run.
 *
 * @param runKey which run; of a manual step that waits what an answer is of
 * @param attempt from 1
 * @param state its state
 * @param reason why it failed, or why it was not run; of a running one what it waits for
 * @param outputs declared outputs that exist, with digests; of a manual step that waits the files to look at, those that may be corrected first,
 *     in the order of the ids in {@code places}
 * @param exitCode of the process, when it has ended
 * @param wallSeconds duration in s, when it has ended
 * @param measures numbers that the tool computed, when it has ended well and its descriptor says which output has them
 * @param places where in the archive each declared output is, by its id in the descriptor: a file, a folder, or a path with wildcards; when it has
 *     ended well; of a manual step that waits where a corrected file is put, by the id of the input
 * @param former the newest result of this pipeline and session that is of another run than this, and so is out of date
 * @param usage where it ran and what it used, when its tool has ended
 * @param time of the change
 */
@WithBuilder
public record PipelineUpdated(
        SessionRef session,
        String study,
        String sessionName,
        String pipeline,
        String tool,
        String toolVersion,
        String runKey,
        int attempt,
        State state,
        Optional<Reason> reason,
        List<FileRef> outputs,
        Optional<Integer> exitCode,
        Optional<Double> wallSeconds,
        Optional<List<ToolMeasure>> measures,
        Optional<Map<String, String>> places,
        Optional<FormerResult> former,
        Optional<RunUsage> usage,
        Instant time)
        implements Event.OfSession, PipelineUpdatedBuilder.With {

    /** The states of a run; {@code NOT_APPLICABLE}: the rule is not for this session, nothing is pending. */
    public enum State {
        WAITING,
        QUEUED,
        RUNNING,
        SUCCEEDED,
        FAILED,
        NOT_APPLICABLE
    }

    @Override
    public String identity() {
        return session.identity() + "/" + pipeline;
    }

    @Override
    public String revision() {
        // While it runs it may say in turn that it waits for a cluster, and that it waits no more.
        String says = state == State.RUNNING
                ? reason.map(why -> "@" + why.code() + "@" + time).orElse("")
                : "";
        return runKey + "@" + attempt + "@" + state + says;
    }

    @Override
    public Optional<ScanId> scanId() {
        return Optional.empty();
    }

    @Override
    public EventOrder order() {
        return EventOrder.of(attempt, state.ordinal());
    }

    @Override
    public String summary() {
        return "Pipeline " + pipeline + " is " + Summaries.words(state)
                + reason.map(Summaries::because).orElse("");
    }
}
