package org.datman.dashboard.api;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Objects;
import org.datman.contracts.event.PipelineAnswered;
import org.datman.contracts.event.PipelineCancelled;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.SessionRef;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.pipeline.ManualSteps;
import org.datman.dashboard.pipeline.PipelineResource;
import org.datman.dashboard.pipeline.RunControl;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** The run of a pipeline of a session. */
@Path("/api/sessions/{server}/{accession}/pipelines/{pipeline}")
@Produces(MediaType.APPLICATION_JSON)
public class SessionRunApi {

    private static final String WITH_HEADER = "Needs the header X-Requested-With, with any value.";

    private final RunControl control;
    private final ManualSteps steps;
    private final SecurityIdentity identity;

    SessionRunApi(RunControl control, ManualSteps steps, SecurityIdentity identity) {
        this.control = control;
        this.steps = steps;
        this.identity = identity;
    }

    /** Why something is decided. */
    public record Why(@Nullable String reason) {}

    @POST
    @Path("cancel")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Role.MANAGER)
    @Operation(
            summary = "Cancel the run of a pipeline that is queued or running",
            description = WITH_HEADER + " It is not started again by itself. 409 when there is none.")
    public PipelineCancelled cancel(
            @PathParam("server") String server,
            @PathParam("accession") String accession,
            @PathParam("pipeline") String pipeline,
            @Valid @NotNull Why why) {
        return control.cancel(
                new SessionRef(server, accession), pipeline, Objects.requireNonNullElse(why.reason(), ""), name());
    }

    /**
     * An answer to a manual step.
     *
     * @param answer {@code ACCEPTED}, {@code CORRECTED} or {@code REOPENED}
     * @param runKey what was looked at
     */
    public record StepAnswer(
            @Nullable String answer, @Nullable String runKey) {}

    @POST
    @Path("answer")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Role.RATER)
    @Operation(
            summary = "Answer a manual step of a pipeline",
            description = WITH_HEADER + " ACCEPTED: the files are good as they are. CORRECTED: the corrected files that"
                    + " are in the archive replace them. REOPENED: the answer of before no longer holds. 409 when the"
                    + " step is not open for these files, or a corrected file does not fit.")
    public PipelineAnswered answer(
            @PathParam("server") String server,
            @PathParam("accession") String accession,
            @PathParam("pipeline") String pipeline,
            @Valid @NotNull StepAnswer answer) {
        return steps.answer(
                new SessionRef(server, accession),
                pipeline,
                Objects.requireNonNullElse(answer.runKey(), ""),
                PipelineResource.answer(Objects.requireNonNullElse(answer.answer(), "")),
                name());
    }

    @POST
    @Path("run")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Role.MANAGER)
    @Operation(
            summary = "Run a pipeline of a session again",
            description = WITH_HEADER + " 409 when the session has no such pipeline.")
    public ReprocessRequested run(
            @PathParam("server") String server,
            @PathParam("accession") String accession,
            @PathParam("pipeline") String pipeline) {
        return control.runAgain(new SessionRef(server, accession), pipeline, name());
    }

    private String name() {
        return identity.getPrincipal().getName();
    }
}
