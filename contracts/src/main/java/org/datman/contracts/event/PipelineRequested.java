package org.datman.contracts.event;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Run this tool on these inputs.
 *
 * @param pipeline name in the study configuration
 * @param tool Boutiques name of the tool
 * @param toolVersion its version
 * @param descriptorSha256 digest of the descriptor that will run
 * @param parameters values of the tool's inputs that are not files
 * @param inputs files by the id of the tool's input
 * @param sets inputs that are several files or a folder, by the id of the tool's input; absent when there are none
 * @param image container image in which the tool runs, as {@code name@sha256:digest}; empty where it runs in none
 * @param runKey SHA-256 of tool, version, descriptor, parameters, input digests and digest of the image: the identity of the result
 * @param requestedBy {@code rules} or a login name
 * @param requestId distinguishes repeated requests for the same run
 */
@WithBuilder
public record PipelineRequested(
        SessionRef session,
        String study,
        String sessionName,
        String pipeline,
        String tool,
        String toolVersion,
        String descriptorSha256,
        Map<String, String> parameters,
        Map<String, FileRef> inputs,
        Optional<Map<String, InputSet>> sets,
        Optional<String> image,
        String runKey,
        String requestedBy,
        String requestId,
        String configRevision,
        Instant time)
        implements Event.OfSession, PipelineRequestedBuilder.With {

    /** Who requests what no person requests. */
    public static final String BY_RULES = "rules";

    /** Whether no person requested it. */
    public boolean byRules() {
        return requestedBy.equals(BY_RULES);
    }

    @Override
    public String identity() {
        return session.identity() + "/" + pipeline;
    }

    @Override
    public String revision() {
        return runKey + "@" + requestId;
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
        return "Pipeline " + pipeline + " asked for by " + requestedBy;
    }
}
