package org.datman.dashboard.api;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.inbox.Inbox;
import org.datman.dashboard.operations.Operations;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The inbox and the state of operations as JSON. */
@Path("/api")
@RolesAllowed(Role.VIEWER)
@Produces(MediaType.APPLICATION_JSON)
public class OperationsApi {

    private final Inbox inbox;
    private final Operations operations;

    OperationsApi(Inbox inbox, Operations operations) {
        this.inbox = inbox;
        this.operations = operations;
    }

    @GET
    @Path("inbox")
    @Operation(summary = "What needs a human now")
    public Inbox.Content inbox() {
        return inbox.content();
    }

    @GET
    @Path("operations")
    @Operation(summary = "Failures, oldest unfinished series, last event per topic, times to the verdict")
    public Operations.Content operations() {
        return operations.content();
    }
}
