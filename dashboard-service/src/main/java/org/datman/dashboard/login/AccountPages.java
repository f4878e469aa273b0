package org.datman.dashboard.login;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.datman.dashboard.access.Grant;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.web.Answers;
import org.datman.dashboard.web.BadParameterException;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The accounts page: the own password for every user, all accounts for admins. */
@Path("/accounts")
@RolesAllowed(Role.VIEWER)
public class AccountPages {

    private final Accounts accounts;
    private final ApiTokens tokens;
    private final SecurityIdentity identity;

    AccountPages(Accounts accounts, ApiTokens tokens, SecurityIdentity identity) {
        this.tokens = tokens;
        this.accounts = accounts;
        this.identity = identity;
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance accounts(
                List<Accounts.Listed> accounts, List<ApiTokens.Listed> tokens, boolean admin, List<String> roles);

        static native TemplateInstance accounts$body(
                List<Accounts.Listed> accounts, List<ApiTokens.Listed> tokens, boolean admin, List<String> roles);
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    @Operation(hidden = true)
    public TemplateInstance accounts(@QueryParam("part") @DefaultValue("") String part) {
        boolean admin = identity.hasRole(Role.ADMIN);
        List<Accounts.Listed> all = admin ? accounts.all() : List.of();
        List<ApiTokens.Listed> listed = tokens.of(admin ? "" : name());
        return part.equals("body")
                ? Templates.accounts$body(all, listed, admin, Role.ALL)
                : Templates.accounts(all, listed, admin, Role.ALL);
    }

    @POST
    @RolesAllowed(Role.ADMIN)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Response put(
            @FormParam("username") @DefaultValue("") String username,
            @FormParam("role") @DefaultValue("") String role,
            @FormParam("study") @DefaultValue("") String study,
            @FormParam("site") @DefaultValue("") String site,
            @FormParam("password") @DefaultValue("") String password) {
        Grant grant = new Grant(role, study.strip(), site.strip());
        return accounts.put(username.strip(), grant, password, name())
                .map(Answers::refused)
                .orElseGet(() -> Answers.done(username.strip() + " is " + grant));
    }

    @POST
    @Path("withdraw")
    @RolesAllowed(Role.ADMIN)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Response withdraw(
            @FormParam("username") @DefaultValue("") String username,
            @FormParam("role") @DefaultValue("") String role,
            @FormParam("study") @DefaultValue("") String study,
            @FormParam("site") @DefaultValue("") String site) {
        Grant grant = new Grant(role, study, site);
        return accounts.withdraw(username, grant, name())
                .map(Answers::refused)
                .orElseGet(() -> Answers.done(username + " is no longer " + grant));
    }

    @POST
    @Path("remove")
    @RolesAllowed(Role.ADMIN)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Response remove(@FormParam("username") @DefaultValue("") String username) {
        return accounts.remove(username, name())
                .map(Answers::refused)
                .orElseGet(() -> Answers.done(username + " can no longer log in"));
    }

    @POST
    @Path("own-password")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Response ownPassword(
            @FormParam("current") @DefaultValue("") String current,
            @FormParam("replacement") @DefaultValue("") String replacement) {
        return accounts.changeOwn(name(), current, replacement)
                .map(Answers::refused)
                // All logins with the old password have ended, including this one.
                .orElseGet(() -> Response.noContent()
                        .header("HX-Redirect", "/login?changed=yes")
                        .build());
    }

    /** A token of the own account; it is in this answer and nowhere else. A program cannot get itself another one. */
    @POST
    @Path("tokens")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Response createToken(
            @FormParam("name") @DefaultValue("") String name,
            @FormParam("role") @DefaultValue("") String role,
            @FormParam("study") @DefaultValue("") String study,
            @FormParam("site") @DefaultValue("") String site,
            @FormParam("days") @DefaultValue("90") String days) {
        if (identity.getAttribute(TokenLogin.GRANT) != null) {
            return Answers.refused("Only a person can create a token: log in with a password");
        }
        int valid = BadParameterException.number("days", days, 1, ApiTokens.MOST_DAYS);
        ApiTokens.Created created =
                tokens.create(name(), name.strip(), new Grant(role, study.strip(), site.strip()), valid);
        return created.token().isEmpty()
                ? Answers.refused(created.problem())
                : Answers.done("Copy the token now, it is not shown again: " + created.token());
    }

    @POST
    @Path("tokens/revoke")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Response revokeToken(
            @FormParam("username") @DefaultValue("") String username,
            @FormParam("name") @DefaultValue("") String name) {
        boolean may = username.equals(name()) || identity.hasRole(Role.ADMIN);
        return may && tokens.revoke(username, name)
                ? Answers.done("The token " + name + " is no longer valid")
                : Answers.refused("There is no token " + name + " any more");
    }

    private String name() {
        return identity.getPrincipal().getName();
    }
}
