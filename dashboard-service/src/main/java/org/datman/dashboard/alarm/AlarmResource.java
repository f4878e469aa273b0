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
import java.time.Clock;
import java.util.Optional;
import org.datman.dashboard.login.Role;
import org.datman.dashboard.projection.Projector;
import org.datman.dashboard.web.Answers;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jdbi.v3.core.Jdbi;

/** Receives acknowledgements of alarms from the pages. */
@Path("/alarms")
@RolesAllowed(Role.RATER)
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
public class AlarmResource {

    private final Jdbi jdbi;
    private final Projector projector;
    private final Clock clock;
    private final SecurityIdentity identity;

    AlarmResource(Jdbi jdbi, Projector projector, Clock clock, SecurityIdentity identity) {
        this.jdbi = jdbi;
        this.projector = projector;
        this.clock = clock;
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
        return jdbi.withHandle(handle -> {
            Optional<String> session = handle.createQuery("select session from alarm where identity = :alarm")
                    .bind("alarm", alarm)
                    .mapTo(String.class)
                    .findOne();
            if (session.isEmpty()) {
                return Answers.refused("This alarm no longer exists");
            }
            handle.execute(
                    "insert into acknowledgement (failure, by, note, time) values (?, ?, ?, ?) on conflict (failure)"
                            + " do update set by = excluded.by, note = excluded.note, time = excluded.time",
                    alarm,
                    identity.getPrincipal().getName(),
                    note,
                    clock.instant());
            projector.refresh(session.get());
            return Answers.done("Acknowledged");
        });
    }
}
