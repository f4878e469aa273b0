package org.datman.dashboard.pipeline;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.datman.contracts.event.SessionRef;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.pipeline.RunningLogs.Shown;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The log of a run, while it runs. */
@Path("/sessions/{server}/{accession}/log")
@RolesAllowed(Role.VIEWER)
@Produces(MediaType.TEXT_HTML)
public class LogPages {

    private final RunningLogs logs;

    LogPages(RunningLogs logs) {
        this.logs = logs;
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance log(Shown shown);

        static native TemplateInstance log$body(Shown shown);

        static native TemplateInstance log$far(Shown shown);
    }

    /** @param part {@code body}: what changes; {@code far}: how far the run is */
    @GET
    @Operation(hidden = true)
    public TemplateInstance log(
            @PathParam("server") String server,
            @PathParam("accession") String accession,
            @QueryParam("pipeline") @DefaultValue("") String pipeline,
            @QueryParam("part") @DefaultValue("") String part) {
        Shown shown = logs.of(new SessionRef(server, accession), pipeline)
                .orElseThrow(() -> new NotFoundException("No pipeline " + pipeline + " of this session is known"));
        return switch (part) {
            case "body" -> Templates.log$body(shown);
            case "far" -> Templates.log$far(shown);
            default -> Templates.log(shown);
        };
    }
}
