package org.datman.dashboard.api;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.datman.contracts.event.PipelinePaused;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.study.PipelineRule;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.pipeline.RunControl;
import org.datman.dashboard.pipeline.RunListing;
import org.datman.dashboard.pipeline.RunListing.Pipeline;
import org.datman.dashboard.pipeline.RunListing.Run;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** The pipelines of a study. */
@Path("/api/studies/{study}/pipelines")
@Produces(MediaType.APPLICATION_JSON)
public class PipelineApi {

    private static final String WITH_HEADER = "Needs the header X-Requested-With, with any value.";

    private final RunListing runs;
    private final RunControl control;
    private final StudyTables tables;
    private final SecurityIdentity identity;
    private final Clock clock;

    PipelineApi(RunListing runs, RunControl control, StudyTables tables, SecurityIdentity identity, Clock clock) {
        this.runs = runs;
        this.control = control;
        this.tables = tables;
        this.identity = identity;
        this.clock = clock;
    }

    /** Whether a pipeline is paused or goes on, and why. */
    public record Pause(
            PipelinePaused.@NotNull Decision decision,
            @Nullable String reason) {}

    /**
     * Which failed runs are run again.
     *
     * @param until only those that had failed by then, as the list of failed runs says; all when absent
     */
    public record RetryFailed(@Nullable Instant until) {}

    /**
     * The failed runs of a pipeline.
     *
     * @param until when the list was made
     */
    public record Failed(Instant until, List<Run> runs) {}

    @GET
    @RolesAllowed(Role.VIEWER)
    @Operation(summary = "The pipelines of a study: what they say of its sessions, and when their runs start")
    public List<Pipeline> pipelines(@PathParam("study") String study) {
        tables.known(study);
        return runs.pipelines(study);
    }

    @GET
    @Path("{pipeline}/failed")
    @RolesAllowed(Role.VIEWER)
    @Operation(summary = "The runs of a pipeline that failed and that nobody cancelled")
    public Failed failed(@PathParam("study") String study, @PathParam("pipeline") String pipeline) {
        tables.known(study);
        Instant now = clock.instant();
        PipelineRule rule = runs.rule(study, pipeline)
                .orElseThrow(() -> new NotFoundException("Study " + study + " has no pipeline " + pipeline));
        return new Failed(now, runs.failed(study, rule, now));
    }

    @POST
    @Path("{pipeline}/retry-failed")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Role.MANAGER)
    @Operation(summary = "Run the failed runs of a pipeline again", description = WITH_HEADER)
    public List<ReprocessRequested> retryFailed(
            @PathParam("study") String study,
            @PathParam("pipeline") String pipeline,
            @Valid @NotNull RetryFailed retry) {
        return control.retryFailed(
                study, pipeline, Optional.ofNullable(retry.until()).orElseGet(clock::instant), name());
    }

    @POST
    @Path("{pipeline}/pause")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Role.MANAGER)
    @Operation(
            summary = "Pause a pipeline of a study, or let it go on",
            description = WITH_HEADER + " Runs that are under way go on. 409 when it is so already.")
    public PipelinePaused pause(
            @PathParam("study") String study, @PathParam("pipeline") String pipeline, @Valid @NotNull Pause pause) {
        return control.pause(study, pipeline, pause.decision(), Objects.requireNonNullElse(pause.reason(), ""), name());
    }

    private String name() {
        return identity.getPrincipal().getName();
    }
}
