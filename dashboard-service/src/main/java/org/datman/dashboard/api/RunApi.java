package org.datman.dashboard.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.datman.contracts.event.PipelineUpdated.State;
import org.datman.contracts.event.SessionRef;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.pipeline.RunListing;
import org.datman.dashboard.pipeline.RunListing.Run;
import org.datman.dashboard.pipeline.RunningLogs;
import org.datman.dashboard.web.BadParameterException;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What the pipelines say of sessions. */
@Path("/api/runs")
@RolesAllowed(Role.VIEWER)
@Produces(MediaType.APPLICATION_JSON)
public class RunApi {

    private final RunListing runs;
    private final RunningLogs logs;
    private final StudyTables tables;
    private final ObjectMapper mapper;

    RunApi(RunListing runs, RunningLogs logs, StudyTables tables, ObjectMapper mapper) {
        this.runs = runs;
        this.logs = logs;
        this.tables = tables;
        this.mapper = mapper;
    }

    @GET
    @Operation(
            summary = "What each pipeline says of a session, or of each session of a study, now, with the reason",
            description =
                    "session: its name, its accession id, or server/accession. study: its code; then state may be one or several of the"
                            + " states of pipeline-updated.")
    public Response runs(
            @QueryParam("session") @DefaultValue("") String session,
            @QueryParam("study") @DefaultValue("") String study,
            @QueryParam("state") List<String> states) {
        if (session.isEmpty()) {
            return ofStudy(study, states);
        }
        List<Run> found = runs.ofSession(session);
        if (found.isEmpty()) {
            throw new NotFoundException("No pipeline has said anything of a session '" + session + "'");
        }
        return Response.ok(found).build();
    }

    @GET
    @Path("log")
    @Operation(
            summary = "What a pipeline says of a session, with the end of the logs of its run while it runs",
            description = "session: server/accession. log is null while the run has written nothing, or does not run.")
    public RunningLogs.Shown log(
            @QueryParam("session") @DefaultValue("") String session,
            @QueryParam("pipeline") @DefaultValue("") String pipeline) {
        if (session.indexOf('/') <= 0) {
            throw new BadParameterException("session", session, "server/accession");
        }
        return logs.of(SessionRef.of(session), pipeline)
                .orElseThrow(() -> new NotFoundException(
                        "No pipeline '" + pipeline + "' has said anything of the session " + session));
    }

    /** Row by row: a study may have hundreds of thousands. */
    private Response ofStudy(String study, List<String> states) {
        tables.known(study);
        List<State> wanted = states.isEmpty()
                ? List.of(State.values())
                : states.stream().map(RunApi::state).toList();
        StreamingOutput rows = out -> {
            try (SequenceWriter array = mapper.writer().writeValuesAsArray(out)) {
                runs.ofStudy(study, wanted, run -> write(array, run));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        };
        return Response.ok(rows).build();
    }

    private static void write(SequenceWriter array, Run run) {
        try {
            array.write(run);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static State state(String name) {
        return Arrays.stream(State.values())
                .filter(state -> state.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadParameterException("state", name, Arrays.toString(State.values())));
    }
}
