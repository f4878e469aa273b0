package org.datman.dashboard.operations;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.audit.AuditLog;
import org.datman.dashboard.projection.Rebuild;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The page of operations. */
@Path("/operations")
@RolesAllowed(Role.VIEWER)
public class OperationsPages {

    private final Operations operations;
    private final Rebuild rebuild;
    private final AuditLog audit;

    OperationsPages(Operations operations, Rebuild rebuild, AuditLog audit) {
        this.audit = audit;
        this.operations = operations;
        this.rebuild = rebuild;
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance operations(Operations.Content content);

        static native TemplateInstance operations$body(Operations.Content content);
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    @Operation(hidden = true)
    public TemplateInstance operations(@QueryParam("part") @DefaultValue("") String part) {
        Operations.Content content = operations.content();
        return part.equals("body") ? Templates.operations$body(content) : Templates.operations(content);
    }

    /** Drops the read model and reads all topics again, concurrently with normal consumption. */
    @POST
    @Path("rebuild")
    @RolesAllowed(Role.ADMIN)
    @Operation(summary = "Drop the read model and read it again from the topics")
    public Response rebuild() {
        audit.record(new AuditLog.Entry("rebuild", "", "read model", ""));
        rebuild.start();
        return Response.accepted().build();
    }
}
