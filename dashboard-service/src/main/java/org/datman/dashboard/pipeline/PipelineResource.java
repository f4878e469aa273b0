package org.datman.dashboard.pipeline;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.PipelineAnswered;
import org.datman.contracts.event.PipelineAnswered.Answer;
import org.datman.contracts.event.PipelinePaused.Decision;
import org.datman.contracts.event.SessionRef;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.web.Answers;
import org.datman.dashboard.web.BadParameterException;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Receives from the pages what people decide about runs. */
@Path("/pipelines")
@RolesAllowed(Role.MANAGER)
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
public class PipelineResource {

    private final RunControl control;
    private final ManualSteps steps;
    private final SecurityIdentity identity;

    PipelineResource(RunControl control, ManualSteps steps, SecurityIdentity identity) {
        this.control = control;
        this.steps = steps;
        this.identity = identity;
    }

    @POST
    @Path("cancel")
    @Operation(hidden = true)
    public Response cancel(
            @FormParam("server") @DefaultValue("") String server,
            @FormParam("accession") @DefaultValue("") String accession,
            @FormParam("pipeline") @DefaultValue("") String pipeline,
            @FormParam("reason") @DefaultValue("") String reason) {
        return answered(() -> {
            control.cancel(new SessionRef(server, accession), pipeline, reason, name());
            return "Cancelled: the run ends within seconds";
        });
    }

    @POST
    @Path("answer")
    @RolesAllowed(Role.RATER)
    @Operation(hidden = true)
    public Response answer(
            @FormParam("server") @DefaultValue("") String server,
            @FormParam("accession") @DefaultValue("") String accession,
            @FormParam("pipeline") @DefaultValue("") String pipeline,
            @FormParam("runKey") @DefaultValue("") String runKey,
            @FormParam("answer") @DefaultValue("") String answer) {
        Answer given = answer(answer);
        return answered(() -> {
            PipelineAnswered event = steps.answer(new SessionRef(server, accession), pipeline, runKey, given, name());
            String taken = event.corrected().values().stream()
                    .map(FileRef::path)
                    .sorted()
                    .collect(Collectors.joining(", "));
            return given == Answer.REOPENED
                    ? "Asked again: the step waits for a person within seconds"
                    : "Answered"
                            + (taken.isEmpty() ? "" : " with the corrected " + taken)
                            + ": what waits for the step goes on";
        });
    }

    /** An answer as texts have it. */
    public static Answer answer(String text) {
        return Stream.of(Answer.values())
                .filter(answer -> answer.name().equals(text))
                .findFirst()
                .orElseThrow(() -> new BadParameterException("answer", text, "ACCEPTED, CORRECTED, REOPENED"));
    }

    @POST
    @Path("pause")
    @Operation(hidden = true)
    public Response pause(
            @FormParam("study") @DefaultValue("") String study,
            @FormParam("pipeline") @DefaultValue("") String pipeline,
            @FormParam("decision") @DefaultValue("") String decision,
            @FormParam("reason") @DefaultValue("") String reason) {
        List<String> allowed = List.of(Decision.PAUSED.name(), Decision.RESUMED.name());
        if (!allowed.contains(decision)) {
            throw new BadParameterException("decision", decision, String.join(", ", allowed));
        }
        boolean resumed = decision.equals(Decision.RESUMED.name());
        return answered(() -> {
            control.pause(study, pipeline, resumed ? Decision.RESUMED : Decision.PAUSED, reason, name());
            return resumed
                    ? "Resumed: its runs start again"
                    : "Paused: no run of it starts; those that are under way go on";
        });
    }

    @POST
    @Path("retry-failed")
    @Operation(hidden = true)
    public Response retryFailed(
            @FormParam("study") @DefaultValue("") String study,
            @FormParam("pipeline") @DefaultValue("") String pipeline,
            @FormParam("until") @DefaultValue("") String until) {
        Instant listed = instant(until);
        return answered(() -> {
            int runs = control.retryFailed(study, pipeline, listed, name()).size();
            return runs == 1 ? "1 run was requested again" : runs + " runs were requested again";
        });
    }

    @POST
    @Path("dismiss")
    @Operation(hidden = true)
    public Response dismiss(
            @FormParam("server") @DefaultValue("") String server,
            @FormParam("accession") @DefaultValue("") String accession,
            @FormParam("pipeline") @DefaultValue("") String pipeline,
            @FormParam("runKey") @DefaultValue("") String runKey,
            @FormParam("attempt") @DefaultValue("") String attempt) {
        return answered(() -> {
            control.dismiss(new SessionRef(server, accession), pipeline, runKey, attempt, name());
            return "Dismissed";
        });
    }

    /** When the list was made, as the page had it. */
    static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new BadParameterException("until", text, "a time as 2026-11-20T10:00:00Z");
        }
    }

    private static Response answered(Supplier<String> done) {
        try {
            return Answers.done(done.get());
        } catch (ClientErrorException refused) {
            return Answers.refused(String.valueOf(refused.getMessage()));
        }
    }

    private String name() {
        return identity.getPrincipal().getName();
    }
}
