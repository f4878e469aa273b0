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
import java.util.List;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.study.SeriesRule;
import org.datman.contracts.study.SiteConfiguration;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.dashboard.access.GrantedStudies;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.listing.SessionListing;
import org.datman.dashboard.projection.DetailsReader;
import org.datman.dashboard.projection.Recorded;
import org.datman.dashboard.projection.SeriesDetails;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The lines of a study file by which a series, and all like it, would get a tag: instead of an assignment by a person. */
@Path("/configuration/rule")
@RolesAllowed(Role.VIEWER)
public class RulePages {

    private static final String NO_TAG = "-";

    private final GrantedStudies studies;
    private final SessionListing sessions;
    private final DetailsReader details;

    RulePages(GrantedStudies studies, SessionListing sessions, DetailsReader details) {
        this.studies = studies;
        this.sessions = sessions;
        this.details = details;
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance rule(View view);
    }

    /**
     * What the page shows.
     *
     * @param tag the chosen one; {@code -} for none
     * @param tags those of the site
     */
    public record View(
            String session,
            String title,
            String scan,
            String description,
            StudyConfiguration study,
            String site,
            String tag,
            List<String> tags,
            SeriesRule rule) {

        /** Whether no tag is chosen: the rule ignores the series. */
        public boolean ignores() {
            return tag.equals(NO_TAG);
        }
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    @Operation(hidden = true)
    public TemplateInstance rule(
            @QueryParam("session") @DefaultValue("") String session,
            @QueryParam("scan") @DefaultValue("") String scan,
            @QueryParam("tag") @DefaultValue(NO_TAG) String tag) {
        SessionListing.Listed listed =
                sessions.one(session).orElseThrow(() -> new NotFoundException("No session " + session + " is known"));
        StudyConfiguration study = studies.current()
                .study(listed.study())
                .orElseThrow(() -> new NotFoundException("Session " + session + " has no study"));
        SiteConfiguration site = study.site(listed.site())
                .orElseThrow(() -> new NotFoundException("Session " + session + " has no site of its study"));
        SeriesDiscovered series = details.of(session).series().stream()
                .filter(one -> one.scan().equals(scan))
                .findFirst()
                .flatMap(SeriesDetails::findDiscovered)
                .map(Recorded::event)
                .orElseThrow(() -> new NotFoundException("Session " + session + " has no series " + scan));
        boolean isIgnored = tag.equals(NO_TAG);
        if (!isIgnored && !site.tags().containsKey(tag)) {
            throw new NotFoundException(
                    "Site " + site.code() + " of study " + study.code() + " has no tag '" + tag + "'");
        }
        return Templates.rule(new View(
                session,
                listed.title(),
                scan,
                series.description(),
                study,
                site.code(),
                tag,
                List.copyOf(site.tags().keySet()),
                isIgnored ? SeriesRule.ignoring(series) : SeriesRule.of(series, site, listed.phantom(), tag)));
    }
}
