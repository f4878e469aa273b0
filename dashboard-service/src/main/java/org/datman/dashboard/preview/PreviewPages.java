package org.datman.dashboard.preview;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.datman.contracts.study.RulePreview.Totals;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.dashboard.access.Role;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The preview of a study's text in the configuration folder, while it is held. */
@Path("/configuration/preview")
@RolesAllowed(Role.VIEWER)
public class PreviewPages {

    private static final int EXAMPLES = 20;

    private final Previews previews;

    PreviewPages(Previews previews) {
        this.previews = previews;
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance preview(String file, Totals totals);
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    @Operation(hidden = true)
    public TemplateInstance preview(@QueryParam("study") @DefaultValue("") String study) {
        StudyConfiguration proposed = previews.proposed()
                .study(study)
                .orElseThrow(() -> new NotFoundException("The configuration folder has no valid text of study '" + study
                        + "': there is nothing to compare with"));
        return Templates.preview(proposed.file(), previews.of(proposed, EXAMPLES));
    }
}
