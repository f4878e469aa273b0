package org.datman.dashboard.api;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.time.LocalDate;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.datman.contracts.event.FormChecked;
import org.datman.contracts.event.VisitChecked;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.listing.FormListing;
import org.datman.dashboard.listing.SessionListing;
import org.datman.dashboard.listing.SessionListing.Filter;
import org.datman.dashboard.listing.SessionListing.Page;
import org.datman.dashboard.listing.SessionListing.Sort;
import org.datman.dashboard.listing.StudyListing;
import org.datman.dashboard.listing.VisitListing;
import org.datman.dashboard.metric.MetricSeries;
import org.datman.dashboard.metric.MetricSeries.Point;
import org.datman.dashboard.web.BadParameterException;
import org.datman.dashboard.web.Cells;
import org.datman.dashboard.web.Links;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Studies, their sessions and their metrics. */
@Path("/api/studies")
@RolesAllowed(Role.VIEWER)
@Produces(MediaType.APPLICATION_JSON)
public class StudyApi {

    private static final int MOST = 500;

    private static final List<String> COLUMNS = List.of(
            "study",
            "site",
            "session",
            "accession",
            "series",
            "image",
            "tag",
            "day",
            "metric",
            "value",
            "unit",
            "definition",
            "scanner",
            "software",
            "coil",
            "kind",
            "verdict",
            "review");

    private final StudyListing studies;
    private final SessionListing sessions;
    private final MetricSeries metrics;
    private final VisitListing visits;
    private final FormListing forms;
    private final StudyTables tables;

    StudyApi(
            StudyListing studies,
            SessionListing sessions,
            MetricSeries metrics,
            VisitListing visits,
            FormListing forms,
            StudyTables tables) {
        this.studies = studies;
        this.sessions = sessions;
        this.metrics = metrics;
        this.visits = visits;
        this.forms = forms;
        this.tables = tables;
    }

    @GET
    @Operation(summary = "All studies with their sums")
    public List<StudyListing.Listed> studies() {
        return studies.all();
    }

    @GET
    @Path("{study}/sessions")
    @Operation(
            summary = "Sessions of a study, page by page",
            description = "Give 'next' of a page as 'after' for the page that follows; it is empty at the end."
                    + " The study '-' holds the sessions of no study.")
    public Page sessions(
            @PathParam("study") String study,
            @QueryParam("text") @DefaultValue("") String text,
            @QueryParam("site") @DefaultValue("") String site,
            @QueryParam("state") @DefaultValue("") String state,
            @QueryParam("verdict") @DefaultValue("") String verdict,
            @QueryParam("review") @DefaultValue("") String review,
            @QueryParam("kind") @DefaultValue("") String kind,
            @QueryParam("gaps") @DefaultValue("false") String gaps,
            @QueryParam("from") @DefaultValue("") String from,
            @QueryParam("to") @DefaultValue("") String to,
            @QueryParam("sort") @DefaultValue("CHANGED") String sort,
            @QueryParam("after") @DefaultValue("") String after,
            @QueryParam("size") @DefaultValue("100") String size) {
        tables.known(study);
        return sessions.page(new Filter(
                study.equals(Links.NO_STUDY) ? "" : study,
                text,
                site,
                state,
                verdict,
                review,
                kind,
                BadParameterException.oneOf("gaps", gaps, List.of("true", "false"))
                        .equals("true"),
                from,
                to,
                Sort.of(sort),
                after,
                BadParameterException.number("size", size, 1, MOST)));
    }

    @GET
    @Path("{study}/visits")
    @Operation(
            summary =
                    "The visit plan of a study: planned, due, overdue and arrived sessions, at most 500, overdue ones first")
    public List<VisitChecked> visits(@PathParam("study") String study) {
        tables.known(study);
        return visits.ofStudy(study, VisitListing.Sort.STATE).rows();
    }

    @GET
    @Path("{study}/forms")
    @Operation(
            summary =
                    "The forms in REDCap of a study and the sessions without one, at most 500, what needs a person first")
    public List<FormChecked> forms(@PathParam("study") String study) {
        tables.known(study);
        return forms.ofStudy(study).rows();
    }

    @GET
    @Path("{study}/metrics")
    @Operation(summary = "One metric of a study and tag over time, the newest 5000 points up to a day")
    public List<Point> metric(
            @PathParam("study") String study,
            @QueryParam("site") @DefaultValue("") String site,
            @QueryParam("tag") @DefaultValue("") String tag,
            @QueryParam("key") @DefaultValue("") String key,
            @QueryParam("to") @DefaultValue("") String to) {
        tables.known(study);
        LocalDate last = BadParameterException.day("to", to).orElse(LocalDate.of(9999, 12, 31));
        List<Point> points = metrics.points(study, site, tag, key, last);
        if (points.isEmpty()) {
            MetricSeries.Choice choice = metrics.choice(study, tag);
            require("tag", tag, choice.tags());
            require("key", key, choice.keys());
        }
        return points;
    }

    @GET
    @Path("{study}/metrics.csv")
    @Produces("text/csv")
    @Operation(summary = "Every number of a study as CSV (RFC 4180)")
    public StreamingOutput csv(@PathParam("study") String study) {
        return tables.of(study, CSVFormat.RFC4180, COLUMNS, row -> metrics.all(study, point -> row.accept(row(point))));
    }

    private static void require(String name, String value, List<String> allowed) {
        if (!allowed.contains(value)) {
            throw new BadParameterException(name, value, String.join(", ", allowed));
        }
    }

    private static List<?> row(Point point) {
        return List.of(
                Cells.text(point.study()),
                Cells.text(point.site()),
                Cells.text(point.name()),
                Cells.text(point.session()),
                Cells.text(point.scan()),
                Cells.text(point.stem()),
                Cells.text(point.tag()),
                point.day(),
                Cells.text(point.key()),
                point.value(),
                Cells.text(point.unit()),
                Cells.text(point.version()),
                Cells.text(point.scanner()),
                Cells.text(point.software()),
                Cells.text(point.coil()),
                point.phantom() ? "phantom" : "human",
                point.verdict(),
                point.review());
    }
}
