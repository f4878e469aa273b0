package org.datman.dashboard.login;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.FormAuthenticationMechanism;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import org.datman.dashboard.audit.AuditLog;
import org.datman.dashboard.web.BadParameterException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** The login page and logout. Quarkus itself handles the form at {@code /j_security_check}. */
@Path("/")
public class LoginResource {

    private final SecurityIdentity identity;
    private final LoginSessions logins;
    private final AuditLog audit;

    LoginResource(SecurityIdentity identity, LoginSessions logins, AuditLog audit) {
        this.audit = audit;
        this.identity = identity;
        this.logins = logins;
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance login(boolean failed, int wait, boolean changed);
    }

    @GET
    @Path("login")
    @PermitAll
    @Produces(MediaType.TEXT_HTML)
    @Operation(hidden = true)
    public TemplateInstance login(
            @QueryParam("failed") @Nullable String failed,
            @QueryParam("wait") @DefaultValue("") String wait,
            @QueryParam("changed") @Nullable String changed) {
        int seconds = wait.isEmpty() ? 0 : BadParameterException.number("wait", wait, 0, 3_600);
        return Templates.login(failed != null, seconds, changed != null);
    }

    @POST
    @Path("logout")
    @Authenticated
    @Operation(hidden = true)
    public Response logout(@CookieParam(LoginSessions.COOKIE) @Nullable String login) {
        if (login != null) {
            logins.end(login);
            audit.record(
                    new AuditLog.Entry("logout", "", identity.getPrincipal().getName(), ""));
        }
        FormAuthenticationMechanism.logout(identity);
        return Response.noContent()
                .header("HX-Redirect", "/login")
                .cookie(new NewCookie.Builder(LoginSessions.COOKIE)
                        .path("/")
                        .maxAge(0)
                        .build())
                .build();
    }
}
