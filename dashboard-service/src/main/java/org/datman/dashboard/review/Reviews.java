package org.datman.dashboard.review;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.QcReviewed.Decision;
import org.datman.contracts.event.QcReviewedBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.dashboard.listing.SessionListing;
import org.datman.dashboard.projection.DetailsReader;
import org.datman.dashboard.projection.OwnEvents;
import org.datman.dashboard.projection.Projector;
import org.datman.dashboard.projection.SeriesDetails;
import org.datman.dashboard.projection.SessionDetails;
import org.jspecify.annotations.Nullable;

/** Stores decisions with their comments and publishes them without. Decisions are never changed or removed, only superseded. */
@ApplicationScoped
public class Reviews {

    private static final int LONGEST_COMMENT = 4_000;

    private final StoredReviews stored;
    private final Projector projector;
    private final DetailsReader detailsReader;
    private final SessionListing sessions;
    private final OwnEvents events;
    private final Clock clock;

    Reviews(
            StoredReviews stored,
            Projector projector,
            DetailsReader detailsReader,
            SessionListing sessions,
            OwnEvents events,
            Clock clock) {
        this.stored = stored;
        this.projector = projector;
        this.detailsReader = detailsReader;
        this.sessions = sessions;
        this.events = events;
        this.clock = clock;
    }

    /**
     * A decision as received from the page or the API.
     *
     * @param stem the image; empty for the whole session
     * @param seen SHA-256 of the images that were on the screen
     * @param confirmed whether the person was shown what is open and signs off anyway
     */
    public record ReviewRequest(
            SessionRef session,
            String scan,
            String stem,
            Decision decision,
            String comment,
            List<String> seen,
            String reviewer,
            boolean confirmed) {}

    /** An invalid review request; the message is for the person. */
    public static class InvalidReviewException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String message;
        private final transient @Nullable List<String> open;

        InvalidReviewException(String message) {
            this(message, List.of());
        }

        InvalidReviewException(String message, List<String> open) {
            super(message);
            this.message = message;
            this.open = open;
        }

        public String message() {
            return message;
        }

        /** What is open in a session that was to be signed off. */
        public List<String> open() {
            return open == null ? List.of() : open;
        }
    }

    /**
     * Stores and publishes a decision.
     *
     * @throws Reviews.InvalidReviewException when the image changed since it was shown, or the decision does not apply to its subject
     */
    @Transactional
    public QcReviewed decide(Reviews.ReviewRequest request) {
        String key = request.session().identity();
        // Serialized: several submits of one form are one decision.
        projector.lock(key);
        SessionListing.Listed session = sessions.one(key)
                .orElseThrow(() -> new Reviews.InvalidReviewException("No session " + key + " is known"));
        if (session.status().equals("DELETED")) {
            throw new Reviews.InvalidReviewException(
                    "The session was deleted on XNAT: there is nothing to decide about");
        }
        SessionDetails details = detailsReader.of(key);
        boolean whole = request.stem().isEmpty();
        check(request, whole, details);
        Optional<QcReviewed> same = same(request, details);
        if (same.isPresent()) {
            return same.get();
        }
        List<String> open = OpenPoints.of(details);
        if (request.decision() == Decision.SIGNED_OFF && !request.confirmed() && !open.isEmpty()) {
            throw new Reviews.InvalidReviewException(
                    "Not everything is done here: " + String.join("; ", open) + ". Confirm to sign off all the same",
                    open);
        }
        Instant now = clock.instant();
        UUID id = UUID.randomUUID();
        QcReviewed event = QcReviewedBuilder.builder()
                .session(request.session())
                .reviewId(id.toString())
                .study(session.study())
                .sessionName(session.name())
                .decision(request.decision())
                .seen(request.seen().stream().sorted().distinct().toList())
                .reviewer(request.reviewer())
                .time(now)
                .scan(whole ? Optional.empty() : Optional.of(request.scan()))
                .stem(whole ? Optional.empty() : Optional.of(request.stem()))
                .build();
        stored.persist(
                new StoredReview(id, event, request.scan(), request.comment().strip()));
        events.publish(event);
        return event;
    }

    /** The current decision when it equals this one, by the same person and with the same comment. */
    private Optional<QcReviewed> same(Reviews.ReviewRequest request, SessionDetails details) {
        return details.reviews().stream()
                .filter(review -> review.stem().orElse("").equals(request.stem())
                        && review.scan().orElse("").equals(request.stem().isEmpty() ? "" : request.scan()))
                .findFirst()
                .filter(review -> review.decision() == request.decision()
                        && review.reviewer().equals(request.reviewer())
                        && review.seen()
                                .equals(request.seen().stream()
                                        .sorted()
                                        .distinct()
                                        .toList()))
                .filter(review -> stored.hasComment(
                        request.session().identity(),
                        review.reviewId(),
                        request.comment().strip()));
    }

    private static void check(Reviews.ReviewRequest request, boolean whole, SessionDetails details) {
        if (whole != (request.decision() == Decision.SIGNED_OFF) && request.decision() != Decision.WITHDRAWN) {
            throw new Reviews.InvalidReviewException(
                    "SIGNED_OFF is for a whole session; PASS, FLAGGED and BLACKLISTED are for one image");
        }
        if (request.comment().length() > LONGEST_COMMENT) {
            throw new Reviews.InvalidReviewException("The comment has "
                    + request.comment().length() + " characters; at most " + LONGEST_COMMENT + " are kept");
        }
        boolean needsWords = request.decision() == Decision.FLAGGED || request.decision() == Decision.BLACKLISTED;
        if (needsWords && request.comment().isBlank()) {
            throw new Reviews.InvalidReviewException("Write in the comment what is wrong with the image");
        }
        List<SeriesDetails.Image> images = details.series().stream()
                .filter(series -> whole || series.scan().equals(request.scan()))
                .flatMap(series -> series.images().stream())
                .filter(image -> whole || image.product().stem().equals(request.stem()))
                .toList();
        if (!whole && images.isEmpty()) {
            throw new Reviews.InvalidReviewException(
                    "Series " + request.scan() + " has no image " + request.stem() + " now");
        }
        Set<String> now = images.stream().map(SeriesDetails.Image::digest).collect(Collectors.toSet());
        if (request.decision() != Decision.WITHDRAWN
                && !Set.copyOf(request.seen()).equals(now)) {
            throw new Reviews.InvalidReviewException(
                    "The images changed since this page showed them: look again, then decide");
        }
    }
}
