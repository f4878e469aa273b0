package org.datman.dashboard.assignment;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.datman.contracts.event.SeriesAssigned.Decision;
import org.datman.contracts.event.SessionRef;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.web.Answers;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Receives assignments from the session page. */
@Path("/assignments")
@RolesAllowed(Role.MANAGER)
public class AssignmentResource {

    private final TagAssignments assignments;
    private final SecurityIdentity identity;

    AssignmentResource(TagAssignments assignments, SecurityIdentity identity) {
        this.assignments = assignments;
        this.identity = identity;
    }

    /** @param tag {@code -} for none; ignored when the assignment is taken back */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Response assign(
            @FormParam("server") @DefaultValue("") String server,
            @FormParam("accession") @DefaultValue("") String accession,
            @FormParam("scan") @DefaultValue("") String scan,
            @FormParam("tag") @DefaultValue("") String tag,
            @FormParam("withdrawn") @DefaultValue("") String withdrawn,
            @FormParam("reason") @DefaultValue("") String reason) {
        Decision decision =
                withdrawn.equals("yes") ? Decision.WITHDRAWN : tag.equals("-") ? Decision.NO_TAG : Decision.TAG;
        try {
            assignments.assign(
                    new SessionRef(server, accession),
                    scan,
                    decision,
                    tag,
                    reason,
                    identity.getPrincipal().getName());
        } catch (ClientErrorException refused) {
            return Answers.refused(String.valueOf(refused.getMessage()));
        }
        return Answers.done(
                decision == Decision.WITHDRAWN
                        ? "Taken back: the rules decide within seconds"
                        : "Assigned: the series follows within seconds");
    }
}
