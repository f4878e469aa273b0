package org.datman.dashboard.api;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.datman.contracts.event.FormChecked;
import org.datman.contracts.event.VisitChecked;
import org.datman.dashboard.listing.FormListing;
import org.datman.dashboard.listing.SessionListing;
import org.datman.dashboard.listing.SessionListing.Filter;
import org.datman.dashboard.listing.SessionListing.Page;
import org.datman.dashboard.listing.SessionListing.Sort;
import org.datman.dashboard.listing.StudyListing;
import org.datman.dashboard.listing.VisitListing;
import org.datman.dashboard.login.Role;
import org.datman.dashboard.metric.MetricSeries;
import org.datman.dashboard.metric.MetricSeries.Point;
import org.datman.dashboard.projection.Rebuild;
import org.datman.dashboard.web.BadParameterException;
import org.datman.dashboard.web.Links;
import org.datman.platform.event.OutageException;
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
    private final Rebuild rebuild;

    StudyApi(
            StudyListing studies,
            SessionListing sessions,
            MetricSeries metrics,
            VisitListing visits,
            FormListing forms,
            Rebuild rebuild) {
        this.studies = studies;
        this.sessions = sessions;
        this.metrics = metrics;
        this.visits = visits;
        this.forms = forms;
        this.rebuild = rebuild;
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
        known(study);
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
        known(study);
        return visits.ofStudy(study, VisitListing.Sort.STATE).rows();
    }

    @GET
    @Path("{study}/forms")
    @Operation(
            summary =
                    "The forms in REDCap of a study and the sessions without one, at most 500, what needs a person first")
    public List<FormChecked> forms(@PathParam("study") String study) {
        known(study);
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
        known(study);
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
        known(study);
        Rebuild.Progress before = rebuild.progress();
        if (before.wanted()) {
            throw new OutageException(
                    "The dashboard is being rebuilt: not all numbers are there. Download them afterwards");
        }
        return out -> {
            CSVPrinter csv = new CSVPrinter(
                    new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)), CSVFormat.RFC4180);
            csv.printRecord(COLUMNS);
            try {
                metrics.all(study, point -> row(csv, point));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            if (!Objects.equals(rebuild.progress().started(), before.started())) {
                // The answer has begun: only a broken connection can say now that it is not whole.
                throw new IOException(
                        "The dashboard was rebuilt while the numbers of study " + study + " were downloaded");
            }
            csv.flush();
        };
    }

    private static void require(String name, String value, List<String> allowed) {
        if (!allowed.contains(value)) {
            throw new BadParameterException(name, value, String.join(", ", allowed));
        }
    }

    private void known(String study) {
        if (!study.equals(Links.NO_STUDY) && !studies.known(study)) {
            throw new NotFoundException("No study " + study + " is configured or has sessions");
        }
    }

    private static void row(CSVPrinter csv, Point point) {
        try {
            csv.printRecord(
                    cell(point.study()),
                    cell(point.site()),
                    cell(point.name()),
                    cell(point.session()),
                    cell(point.scan()),
                    cell(point.stem()),
                    cell(point.tag()),
                    point.day(),
                    cell(point.key()),
                    point.value(),
                    cell(point.unit()),
                    cell(point.version()),
                    cell(point.scanner()),
                    cell(point.software()),
                    cell(point.coil()),
                    point.phantom() ? "phantom" : "human",
                    point.verdict(),
                    point.review());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A cell that no spreadsheet evaluates as a formula. */
    static String cell(String text) {
        return !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }
}
