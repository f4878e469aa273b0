package org.datman.dashboard.session;

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
import org.datman.dashboard.access.Role;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** One session. */
@Path("/sessions/{server}/{accession}")
@RolesAllowed(Role.VIEWER)
@Produces(MediaType.TEXT_HTML)
public class SessionPages {

    private final SessionViews views;

    SessionPages(SessionViews views) {
        this.views = views;
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance session(SessionView view);

        static native TemplateInstance session$body(SessionView view);
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance session(
            @PathParam("server") String server,
            @PathParam("accession") String accession,
            @QueryParam("part") @DefaultValue("") String part) {
        SessionView view = views.of(server + "/" + accession)
                .orElseThrow(() -> new NotFoundException("No session " + accession + " is known"));
        return part.equals("body") ? Templates.session$body(view) : Templates.session(view);
    }
}
