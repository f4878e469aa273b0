package org.datman.dashboard.api;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.PipelineAnswered;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.SeriesAssigned;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionRef;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.assignment.TagAssignments;
import org.datman.dashboard.failure.Reprocess;
import org.datman.dashboard.listing.SessionListing;
import org.datman.dashboard.projection.OpenFailure;
import org.datman.dashboard.projection.Recorded;
import org.datman.dashboard.projection.SeriesDetails;
import org.datman.dashboard.projection.SeriesStatus;
import org.datman.dashboard.review.Reviews;
import org.datman.dashboard.session.SessionView;
import org.datman.dashboard.session.SessionViews;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** One session with all its series and the decisions about it. */
@Path("/api/sessions/{server}/{accession}")
@Produces(MediaType.APPLICATION_JSON)
public class SessionApi {

    private final SessionViews views;
    private final Reviews reviews;
    private final Reprocess reprocess;
    private final TagAssignments assignments;
    private final SecurityIdentity identity;

    SessionApi(
            SessionViews views,
            Reviews reviews,
            Reprocess reprocess,
            TagAssignments assignments,
            SecurityIdentity identity) {
        this.views = views;
        this.reviews = reviews;
        this.reprocess = reprocess;
        this.assignments = assignments;
        this.identity = identity;
    }

    /**
     * A session as JSON.
     *
     * @param answers to manual steps of its pipelines that are not open: the newest about each, unless the step was asked again
     */
    public record Session(
            SessionListing.Listed session,
            @Nullable SessionChecked check,
            List<Series> series,
            List<PipelineUpdated> runs,
            List<PipelineAnswered> answers,
            List<OpenFailure> failures,
            List<SessionView.Decided> decisions) {}

    /** A series as JSON: its stage, since when, and why it is not further. */
    public record Series(
            String scan,
            String description,
            SeriesStatus.Stage stage,
            SeriesStatus.State state,
            Reason reason,
            Instant since,
            QcComplete.@Nullable Level verdict,
            SeriesDetails.Review review,
            @Nullable SeriesTagged tagged,
            List<Image> images) {}

    /** An image as JSON, with the digest that a review must name. */
    public record Image(
            String stem,
            String tag,
            String digest,
            SeriesDetails.Review review,
            List<FileRef> files,
            @Nullable QcComplete qc) {}

    /** A reprocess request; without a scan for the whole session. */
    public record Again(
            @NotNull ReprocessRequested.Stage stage,
            @Nullable String scan) {}

    /**
     * A decision; without scan and stem it concerns the whole session.
     *
     * @param seen the digests of the images looked at
     * @param confirmed {@code true} signs off although something is open; else the answer is 409 with a list of it
     */
    public record Decision(
            @NotNull QcReviewed.Decision decision,
            @Nullable String scan,
            @Nullable String stem,
            @Nullable String comment,
            @NotNull List<String> seen,
            boolean confirmed) {}

    /**
     * The tag that a person assigns to a series.
     *
     * @param tag for {@code TAG} only
     * @param reason required
     */
    public record TagAssignment(
            @NotNull SeriesAssigned.Decision decision,
            @Nullable String tag,
            @Nullable String reason) {}

    @GET
    @RolesAllowed(Role.VIEWER)
    @Operation(summary = "A session with its series, failures, runs and decisions")
    public Session session(@PathParam("server") String server, @PathParam("accession") String accession) {
        return views.of(server + "/" + accession)
                .map(view -> new Session(
                        view.row(),
                        view.findCheck().map(Recorded::event).orElse(null),
                        view.series().stream().map(SessionApi::series).toList(),
                        view.runs().stream().map(SessionView.Run::event).toList(),
                        view.runs().stream()
                                .flatMap(run -> Stream.ofNullable(run.answered()))
                                .toList(),
                        view.failures(),
                        view.decisions()))
                .orElseThrow(() -> new NotFoundException("No session " + accession + " is known"));
    }

    @GET
    @Path("series/{scan}")
    @RolesAllowed(Role.VIEWER)
    @Operation(summary = "A series with its tag, images, files and metrics")
    public Series series(
            @PathParam("server") String server,
            @PathParam("accession") String accession,
            @PathParam("scan") String scan) {
        return session(server, accession).series().stream()
                .filter(series -> series.scan().equals(scan))
                .findFirst()
                .orElseThrow(() -> new NotFoundException("Session " + accession + " has no series " + scan));
    }

    @POST
    @Path("reprocess")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Role.MANAGER)
    @Operation(summary = "Reprocess a stage", description = "Needs the header X-Requested-With, with any value.")
    public ReprocessRequested reprocess(
            @PathParam("server") String server, @PathParam("accession") String accession, @Valid @NotNull Again again) {
        session(server, accession);
        return reprocess.again(
                new SessionRef(server, accession),
                again.stage(),
                again.scan(),
                identity.getPrincipal().getName());
    }

    @POST
    @Path("reviews")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Role.RATER)
    @Operation(
            summary = "Decide about an image or the session",
            description = "Needs the header X-Requested-With, with any value. 409 when the images changed since they"
                    + " were seen.")
    public QcReviewed review(
            @PathParam("server") String server,
            @PathParam("accession") String accession,
            @Valid @NotNull Decision decision) {
        return reviews.decide(new Reviews.ReviewRequest(
                new SessionRef(server, accession),
                Objects.requireNonNullElse(decision.scan(), ""),
                Objects.requireNonNullElse(decision.stem(), ""),
                decision.decision(),
                Objects.requireNonNullElse(decision.comment(), ""),
                decision.seen(),
                identity.getPrincipal().getName(),
                decision.confirmed()));
    }

    @POST
    @Path("series/{scan}/assignment")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Role.MANAGER)
    @Operation(
            summary = "Assign a tag to a series, or none, or take that back",
            description =
                    "Needs the header X-Requested-With, with any value. It stands whatever the rules become. The reason is"
                            + " written into events and provenance: no names, no health data. 409 when it cannot be assigned now.")
    public SeriesAssigned assign(
            @PathParam("server") String server,
            @PathParam("accession") String accession,
            @PathParam("scan") String scan,
            @Valid @NotNull TagAssignment assignment) {
        return assignments.assign(
                new SessionRef(server, accession),
                scan,
                assignment.decision(),
                Objects.requireNonNullElse(assignment.tag(), ""),
                Objects.requireNonNullElse(assignment.reason(), ""),
                identity.getPrincipal().getName());
    }

    private static Series series(SessionView.Series series) {
        return new Series(
                series.scan(),
                series.description(),
                series.state().stage(),
                series.state().state(),
                series.state().reason(),
                series.state().since(),
                series.state().verdict(),
                series.state().review(),
                series.details().findTagged().map(Recorded::event).orElse(null),
                series.images().stream()
                        .map(image -> new Image(
                                image.image().product().stem(),
                                image.image().product().tag(),
                                image.image().digest(),
                                image.image().review(),
                                image.image().product().files(),
                                image.qc().orElse(null)))
                        .toList());
    }
}
