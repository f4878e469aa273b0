package org.datman.dashboard.api;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.inbox.Inbox;
import org.datman.dashboard.operations.Operations;
import org.datman.dashboard.today.TodayListing;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The inbox, the sessions of today and the state of operations as JSON. */
@Path("/api")
@RolesAllowed(Role.VIEWER)
@Produces(MediaType.APPLICATION_JSON)
public class OperationsApi {

    private final Inbox inbox;
    private final Operations operations;
    private final TodayListing today;

    OperationsApi(Inbox inbox, Operations operations, TodayListing today) {
        this.today = today;
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
    @Path("today")
    @Operation(
            summary =
                    "Sessions that arrived in the last 18 hours, by scanner: good, being measured, or what to scan again and why")
    public TodayListing.Content today(@QueryParam("site") @DefaultValue("") String site) {
        return today.content(site);
    }

    @GET
    @Path("operations")
    @Operation(summary = "Failures, oldest unfinished series, last event per topic, times to the verdict")
    public Operations.Content operations() {
        return operations.content();
    }
}
