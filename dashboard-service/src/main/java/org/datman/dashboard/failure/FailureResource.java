package org.datman.dashboard.failure;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.Optional;
import org.datman.contracts.event.ReprocessRequested.Stage;
import org.datman.contracts.event.SessionRef;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.web.Answers;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Receives retries and acknowledgements of failures from the pages. */
@Path("/failures")
@RolesAllowed(Role.MANAGER)
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
public class FailureResource {

    private final Reprocess reprocess;
    private final SecurityIdentity identity;

    FailureResource(Reprocess reprocess, SecurityIdentity identity) {
        this.reprocess = reprocess;
        this.identity = identity;
    }

    @POST
    @Path("retry")
    @Operation(hidden = true)
    public Response retry(@FormParam("failure") @DefaultValue("") String failure) {
        return reprocess
                .retry(failure, name())
                .map(request -> Answers.done("Reprocessing was requested"))
                .orElseGet(() -> Answers.refused("This failure no longer exists, or it names nothing that can be"
                        + " reprocessed. Dismiss it once it is dealt with."));
    }

    @POST
    @Path("dismiss")
    @Operation(hidden = true)
    public Response dismiss(
            @FormParam("failure") @DefaultValue("") String failure, @FormParam("note") @DefaultValue("") String note) {
        return reprocess.dismiss(failure, note, name())
                ? Answers.done("Dismissed")
                : Answers.refused("This failure no longer exists");
    }

    @POST
    @Path("again")
    @Operation(hidden = true)
    public Response again(
            @FormParam("server") @DefaultValue("") String server,
            @FormParam("accession") @DefaultValue("") String accession,
            @FormParam("scan") @DefaultValue("") String scan,
            @FormParam("stage") @DefaultValue("") String stage,
            @FormParam("pipeline") @DefaultValue("") String pipeline) {
        Optional<Stage> known = Arrays.stream(Stage.values())
                .filter(s -> s.name().equals(stage))
                .findFirst();
        if (known.isEmpty() || server.isBlank() || accession.isBlank()) {
            return Answers.refused("The session or the stage is missing; stages: " + Arrays.toString(Stage.values()));
        }
        if (!pipeline.isEmpty() && known.get() != Stage.PIPELINE) {
            return Answers.refused("A pipeline goes with the stage PIPELINE only");
        }
        if (known.get() == Stage.PIPELINE) {
            reprocess.runAgain(new SessionRef(server, accession), pipeline.isEmpty() ? null : pipeline, name());
            return Answers.done("A new run was requested");
        }
        reprocess.again(new SessionRef(server, accession), known.get(), scan.isEmpty() ? null : scan, name());
        return Answers.done("Reprocessing was requested");
    }

    private String name() {
        return identity.getPrincipal().getName();
    }
}
