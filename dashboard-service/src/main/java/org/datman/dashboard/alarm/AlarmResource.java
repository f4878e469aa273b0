package org.datman.dashboard.alarm;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.acknowledgement.Acknowledgements;
import org.datman.dashboard.projection.GrantedSessions;
import org.datman.dashboard.projection.ReportedAlarms;
import org.datman.dashboard.web.Answers;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Receives acknowledgements of alarms from the pages. */
@Path("/alarms")
@RolesAllowed({Role.RATER, Role.TECHNOLOGIST, Role.PHYSICIST})
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
public class AlarmResource {

    private final ReportedAlarms alarms;
    private final Acknowledgements acknowledgements;
    private final GrantedSessions sessions;
    private final SecurityIdentity identity;

    AlarmResource(
            ReportedAlarms alarms,
            Acknowledgements acknowledgements,
            GrantedSessions sessions,
            SecurityIdentity identity) {
        this.sessions = sessions;
        this.alarms = alarms;
        this.acknowledgements = acknowledgements;
        this.identity = identity;
    }

    @POST
    @Path("seen")
    @Transactional
    @Operation(hidden = true)
    public Response seen(
            @FormParam("alarm") @DefaultValue("") String alarm, @FormParam("note") @DefaultValue("") String note) {
        if (note.isBlank()) {
            return Answers.refused("Write a resolution note");
        }
        Optional<String> session = alarms.findSession(alarm).filter(sessions::contains);
        if (session.isEmpty()) {
            return Answers.refused("This alarm no longer exists");
        }
        acknowledgements.acknowledge(
                alarm, session.get(), identity.getPrincipal().getName(), note);
        return Answers.done("Acknowledged");
    }
}
