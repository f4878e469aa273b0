package org.datman.dashboard.configuration;

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
import org.datman.contracts.event.ConfigurationConfirmed;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.projection.DetailsReader;
import org.datman.dashboard.projection.OwnEvents;
import org.datman.dashboard.projection.Projector;
import org.datman.dashboard.web.Answers;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Receives the confirmation of a held study change that withdraws files. */
@Path("/configuration/confirm")
@RolesAllowed(Role.MANAGER)
public class ConfirmChange {

    private final Projector projector;
    private final DetailsReader detailsReader;
    private final OwnEvents events;
    private final SecurityIdentity identity;
    private final Clock clock;

    ConfirmChange(
            Projector projector,
            DetailsReader detailsReader,
            OwnEvents events,
            SecurityIdentity identity,
            Clock clock) {
        this.projector = projector;
        this.detailsReader = detailsReader;
        this.events = events;
        this.identity = identity;
        this.clock = clock;
    }

    @POST
    @Transactional
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Response confirm(
            @FormParam("study") @DefaultValue("") String study, @FormParam("change") @DefaultValue("") String change) {
        // Serialized: several submits of one form are one confirmation.
        projector.lock("configuration " + study);
        Optional<DetailsReader.HeldChange> waits = detailsReader.heldChanges().stream()
                .filter(held -> held.study().equals(study) && held.change().equals(change))
                .findFirst();
        if (waits.isEmpty()) {
            return Answers.refused(
                    "Study '" + study
                            + "' has no such change that waits: its file was changed or reverted since. Look at the inbox again");
        }
        if (waits.get().confirmedBy() == null) {
            events.publish(new ConfigurationConfirmed(
                    study, change, identity.getPrincipal().getName(), clock.instant()));
        }
        return Answers.done("Confirmed: the change holds within seconds");
    }
}
