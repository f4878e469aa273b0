package org.datman.dashboard.inbox;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.datman.dashboard.access.Role;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The start page. */
@Path("/")
@RolesAllowed(Role.VIEWER)
public class InboxPages {

    private final Inbox inbox;

    InboxPages(Inbox inbox) {
        this.inbox = inbox;
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance inbox(Inbox.Content content);

        static native TemplateInstance inbox$body(Inbox.Content content);
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    @Operation(hidden = true)
    public TemplateInstance inbox(@QueryParam("part") @DefaultValue("") String part) {
        Inbox.Content content = inbox.content();
        return part.equals("body") ? Templates.inbox$body(content) : Templates.inbox(content);
    }
}
