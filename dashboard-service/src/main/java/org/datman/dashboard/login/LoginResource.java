package org.datman.dashboard.login;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.FormAuthenticationMechanism;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The login page and the way out. Quarkus itself takes the form at {@code /j_security_check}. */
@Path("/")
public class LoginResource {

    private final SecurityIdentity identity;

    LoginResource(SecurityIdentity identity) {
        this.identity = identity;
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance login(boolean failed);
    }

    @GET
    @Path("login")
    @PermitAll
    @Produces(MediaType.TEXT_HTML)
    @Operation(hidden = true)
    public TemplateInstance login(@QueryParam("failed") String failed) {
        return Templates.login(failed != null);
    }

    @POST
    @Path("logout")
    @Authenticated
    @Operation(hidden = true)
    public Response logout() {
        FormAuthenticationMechanism.logout(identity);
        return Response.noContent().header("HX-Redirect", "/login").build();
    }
}
