package org.datman.dashboard.review;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.stream.Stream;
import org.datman.contracts.event.QcReviewed.Decision;
import org.datman.contracts.event.SessionRef;
import org.datman.dashboard.access.Role;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Receives decisions from the session page. */
@Path("/reviews")
@RolesAllowed(Role.RATER)
public class ReviewResource {

    private final Reviews reviews;
    private final SecurityIdentity identity;

    ReviewResource(Reviews reviews, SecurityIdentity identity) {
        this.reviews = reviews;
        this.identity = identity;
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Response review(
            @FormParam("server") @DefaultValue("") String server,
            @FormParam("accession") @DefaultValue("") String accession,
            @FormParam("scan") @DefaultValue("") String scan,
            @FormParam("stem") @DefaultValue("") String stem,
            @FormParam("decision") @DefaultValue("") String decision,
            @FormParam("comment") @DefaultValue("") String comment,
            @FormParam("seen") List<String> seen,
            @FormParam("confirmed") @DefaultValue("") String confirmed) {
        reviews.decide(new Reviews.ReviewRequest(
                new SessionRef(server, accession),
                scan,
                stem,
                decision(decision),
                comment,
                // In one field: a form may have at most 1,000 fields.
                seen.stream()
                        .flatMap(digests -> Stream.of(digests.split(" ")))
                        .filter(digest -> !digest.isEmpty())
                        .toList(),
                identity.getPrincipal().getName(),
                confirmed.equals("yes")));
        return Response.noContent().header("HX-Trigger", "datman-changed").build();
    }

    private static Decision decision(String text) {
        try {
            return Decision.valueOf(text);
        } catch (IllegalArgumentException e) {
            throw new Reviews.InvalidReviewException(
                    "'" + text + "' is no decision; allowed: " + List.of(Decision.values()));
        }
    }
}
