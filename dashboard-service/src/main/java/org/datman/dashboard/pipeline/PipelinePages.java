package org.datman.dashboard.pipeline;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.listing.StudyListing;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The pipelines of a study. */
@Path("/studies/{study}/pipelines")
@RolesAllowed(Role.VIEWER)
@Produces(MediaType.TEXT_HTML)
public class PipelinePages {

    private final RunListing runs;
    private final StudyListing studies;
    private final Clock clock;

    PipelinePages(RunListing runs, StudyListing studies, Clock clock) {
        this.runs = runs;
        this.studies = studies;
        this.clock = clock;
    }

    /**
     * The runs of a pipeline that failed.
     *
     * @param until when the list was made
     * @param shown the first of them
     */
    public record Failed(String pipeline, Instant until, long count, List<RunListing.Run> shown) {

        public long more() {
            return count - shown.size();
        }
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance pipelines(
                String study, List<RunListing.Pipeline> pipelines, List<Failed> failed, String query);

        static native TemplateInstance pipelines$body(
                String study, List<RunListing.Pipeline> pipelines, List<Failed> failed, String query);
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance pipelines(
            @PathParam("study") String study,
            @QueryParam("failed") @DefaultValue("") String failed,
            @QueryParam("part") @DefaultValue("") String part) {
        if (!studies.known(study)) {
            throw new NotFoundException("No study " + study + " is configured or has sessions");
        }
        Instant now = clock.instant();
        List<RunListing.Pipeline> pipelines = runs.pipelines(study);
        List<Failed> listed = runs.rule(study, failed).stream()
                .map(rule -> new Failed(
                        rule.name(),
                        now,
                        runs.countFailed(study, rule, now),
                        runs.failed(study, rule, now, RunListing.MOST)))
                .toList();
        return part.equals("body")
                ? Templates.pipelines$body(study, pipelines, listed, failed)
                : Templates.pipelines(study, pipelines, listed, failed);
    }
}
