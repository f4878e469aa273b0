package org.datman.dashboard.api;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import org.datman.contracts.event.PipelineUpdated.State;
import org.datman.dashboard.login.Role;
import org.datman.dashboard.pipeline.RunListing;
import org.datman.dashboard.pipeline.RunListing.Run;
import org.datman.dashboard.web.BadParameterException;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What the pipelines say of sessions. */
@Path("/api/runs")
@RolesAllowed(Role.VIEWER)
@Produces(MediaType.APPLICATION_JSON)
public class RunApi {

    private static final int MOST = 100_000;

    private final RunListing runs;
    private final StudyTables tables;

    RunApi(RunListing runs, StudyTables tables) {
        this.runs = runs;
        this.tables = tables;
    }

    @GET
    @Operation(
            summary = "What each pipeline says of a session, or of each session of a study, now, with the reason",
            description =
                    "session: its name, its accession id, or server/accession. study: its code; then at most 100,000, and state may be"
                            + " one or several of the states of pipeline-updated.")
    public List<Run> runs(
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
        return found;
    }

    private List<Run> ofStudy(String study, List<String> states) {
        tables.known(study);
        List<State> wanted = states.isEmpty()
                ? List.of(State.values())
                : states.stream().map(RunApi::state).toList();
        return runs.ofStudy(study, wanted, MOST);
    }

    private static State state(String name) {
        return Arrays.stream(State.values())
                .filter(state -> state.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadParameterException("state", name, Arrays.toString(State.values())));
    }
}
