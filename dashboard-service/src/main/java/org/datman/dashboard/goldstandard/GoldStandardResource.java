package org.datman.dashboard.goldstandard;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.DateTimeException;
import java.time.LocalDate;
import org.datman.contracts.event.SessionRef;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.web.Answers;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Receives the request from the session page. */
@Path("/gold-standards")
@RolesAllowed(Role.PHYSICIST)
public class GoldStandardResource {

    private final GoldStandards standards;
    private final SecurityIdentity identity;

    GoldStandardResource(GoldStandards standards, SecurityIdentity identity) {
        this.standards = standards;
        this.identity = identity;
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Response set(
            @FormParam("server") @DefaultValue("") String server,
            @FormParam("accession") @DefaultValue("") String accession,
            @FormParam("stem") @DefaultValue("") String stem,
            @FormParam("from") @DefaultValue("") String from) {
        LocalDate day;
        try {
            day = LocalDate.parse(from);
        } catch (DateTimeException e) {
            return Answers.refused("'" + from + "' is no date; write it as 2026-11-20");
        }
        return standards
                .set(
                        new SessionRef(server, accession),
                        stem,
                        day,
                        identity.getPrincipal().getName())
                .map(set -> Answers.done(stem + " is the gold standard of " + set.key() + " from " + day))
                .orElseGet(() -> Answers.refused("The session has no image " + stem
                        + " with a sidecar now, or its study and site are not known yet: look at it again"));
    }
}
