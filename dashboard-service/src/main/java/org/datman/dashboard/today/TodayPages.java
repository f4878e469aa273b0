package org.datman.dashboard.today;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.datman.dashboard.access.Role;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The page for the screen at the scanner. */
@Path("/today")
@RolesAllowed(Role.VIEWER)
public class TodayPages {

    private final TodayListing listing;

    TodayPages(TodayListing listing) {
        this.listing = listing;
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance today(TodayListing.Content content, String site);

        static native TemplateInstance today$body(TodayListing.Content content, String site);
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    @Operation(hidden = true)
    public TemplateInstance today(
            @QueryParam("site") @DefaultValue("") String site, @QueryParam("part") @DefaultValue("") String part) {
        TodayListing.Content content = listing.content(site);
        return part.equals("body") ? Templates.today$body(content, site) : Templates.today(content, site);
    }
}
