package org.datman.dashboard.study;

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
import org.datman.dashboard.listing.StudyListing;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The table of studies. */
@Path("/studies")
@RolesAllowed(Role.VIEWER)
public class StudyPages {

    private final StudyListing listing;

    StudyPages(StudyListing listing) {
        this.listing = listing;
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance studies(StudyListing.Table table);

        static native TemplateInstance studies$rows(StudyListing.Table table);
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    @Operation(hidden = true)
    public TemplateInstance studies(@QueryParam("part") @DefaultValue("") String part) {
        StudyListing.Table table = listing.table();
        return part.equals("rows") ? Templates.studies$rows(table) : Templates.studies(table);
    }
}
