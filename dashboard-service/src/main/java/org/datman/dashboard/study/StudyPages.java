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
import java.util.List;
import org.datman.dashboard.login.Role;
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
        static native TemplateInstance studies(List<StudyListing.Listed> studies);

        static native TemplateInstance studies$rows(List<StudyListing.Listed> studies);
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    @Operation(hidden = true)
    public TemplateInstance studies(@QueryParam("part") @DefaultValue("") String part) {
        List<StudyListing.Listed> studies = listing.all();
        return part.equals("rows") ? Templates.studies$rows(studies) : Templates.studies(studies);
    }
}
