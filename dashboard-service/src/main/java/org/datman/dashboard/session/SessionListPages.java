package org.datman.dashboard.session;

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
import java.util.List;
import java.util.StringJoiner;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.listing.FormListing;
import org.datman.dashboard.listing.SessionListing;
import org.datman.dashboard.listing.SessionListing.Filter;
import org.datman.dashboard.listing.SessionListing.Page;
import org.datman.dashboard.listing.SessionListing.Sort;
import org.datman.dashboard.listing.StudyListing;
import org.datman.dashboard.listing.VisitListing;
import org.datman.dashboard.web.Links;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** The sessions of a study. */
@Path("/studies/{study}")
@RolesAllowed(Role.VIEWER)
@Produces(MediaType.TEXT_HTML)
public class SessionListPages {

    private static final int PAGE = 50;

    private final SessionListing listing;
    private final StudyListing studies;
    private final VisitListing visits;
    private final FormListing forms;

    SessionListPages(SessionListing listing, StudyListing studies, VisitListing visits, FormListing forms) {
        this.listing = listing;
        this.studies = studies;
        this.visits = visits;
        this.forms = forms;
    }

    @CheckedTemplate(basePath = "SessionPages")
    static class Templates {
        static native TemplateInstance sessions(
                String study,
                StudyListing.@Nullable About about,
                Filter filter,
                Page page,
                List<String> sites,
                String query,
                boolean first,
                VisitListing.Table visits,
                FormListing.FormTable forms);

        static native TemplateInstance sessions$rows(Page page, String study, String query);
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance sessions(
            @PathParam("study") String study,
            @QueryParam("text") @DefaultValue("") String text,
            @QueryParam("site") @DefaultValue("") String site,
            @QueryParam("state") @DefaultValue("") String state,
            @QueryParam("verdict") @DefaultValue("") String verdict,
            @QueryParam("review") @DefaultValue("") String review,
            @QueryParam("kind") @DefaultValue("") String kind,
            @QueryParam("gaps") @DefaultValue("") String gaps,
            @QueryParam("from") @DefaultValue("") String from,
            @QueryParam("to") @DefaultValue("") String to,
            @QueryParam("sort") @DefaultValue("") String sort,
            @QueryParam("after") @DefaultValue("") String after,
            @QueryParam("visits") @DefaultValue("") String visitSort,
            @QueryParam("part") @DefaultValue("") String part) {
        String code = study.equals(Links.NO_STUDY) ? "" : study;
        if (!code.isEmpty() && !studies.known(code)) {
            throw new NotFoundException("No study " + code + " is configured or has sessions");
        }
        Filter filter = new Filter(
                code, text, site, state, verdict, review, kind, !gaps.isEmpty(), from, to, Sort.of(sort), after, PAGE);
        Page page = listing.page(filter);
        String query = query(filter);
        return part.equals("rows")
                ? Templates.sessions$rows(page, code, query)
                : Templates.sessions(
                        code,
                        studies.about(code).orElse(null),
                        filter,
                        page,
                        listing.sites(code),
                        query,
                        after.isEmpty(),
                        visits.ofStudy(code, VisitListing.Sort.of(visitSort)),
                        forms.ofStudy(code));
    }

    /** The filter as a query, without where the page begins. */
    private static String query(Filter filter) {
        StringJoiner query = new StringJoiner("&");
        query.add("sort=" + filter.sort());
        add(query, "text", filter.text());
        add(query, "site", filter.site());
        add(query, "state", filter.state());
        add(query, "verdict", filter.verdict());
        add(query, "review", filter.review());
        add(query, "kind", filter.kind());
        add(query, "gaps", filter.gaps() ? "yes" : "");
        add(query, "from", filter.from());
        add(query, "to", filter.to());
        return query.toString();
    }

    private static void add(StringJoiner query, String name, String value) {
        if (!value.isEmpty()) {
            query.add(name + "=" + Links.part(value));
        }
    }
}
