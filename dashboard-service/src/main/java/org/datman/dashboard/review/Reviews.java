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
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.QcReviewed.Decision;
import org.datman.contracts.event.SessionRef;
import org.datman.dashboard.projection.Dossiers;
import org.datman.dashboard.projection.Projector;
import org.datman.dashboard.projection.SeriesDossier;
import org.datman.dashboard.projection.SessionDossier;
import org.datman.dashboard.session.SessionListing;
import org.datman.platform.event.EventPublisher;
import org.datman.platform.outbox.Outbox;
import org.jdbi.v3.core.Jdbi;

/** Takes decisions: stored with their words, said without them. Nothing is ever changed or removed, only decided anew. */
@ApplicationScoped
public class Reviews {

    private static final int LONGEST_COMMENT = 4_000;

    private final Jdbi jdbi;
    private final Dossiers dossiers;
    private final SessionListing sessions;
    private final Projector projector;
    private final EventPublisher publisher;
    private final Outbox outbox;
    private final Clock clock;

    Reviews(
            Jdbi jdbi,
            Dossiers dossiers,
            SessionListing sessions,
            Projector projector,
            EventPublisher publisher,
            Outbox outbox,
            Clock clock) {
        this.jdbi = jdbi;
        this.dossiers = dossiers;
        this.sessions = sessions;
        this.projector = projector;
        this.publisher = publisher;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * A decision as it comes from the page or the API.
     *
     * @param stem the image; empty for the whole session
     * @param seen SHA-256 of the images that were on the screen
     * @param confirmed whether the person was shown what is open and signs off all the same
     */
    public record Wish(
            SessionRef session,
            String scan,
            String stem,
            Decision decision,
            String comment,
            List<String> seen,
            String reviewer,
            boolean confirmed) {}

    /** What is wrong with a wish; the message is for the person. */
    public static class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient List<String> open;

        Refused(String message) {
            this(message, List.of());
        }

        Refused(String message, List<String> open) {
            super(message);
            this.open = open;
        }

        /** What is open in a session that was to be signed off. */
        public List<String> open() {
            return open == null ? List.of() : open;
        }
    }

    /**
     * Stores and says a decision.
     *
     * @throws Refused when the image changed since it was shown, or the decision does not fit what it is about
     */
    @Transactional
    public QcReviewed decide(Wish wish) {
        String key = wish.session().identity();
        // One after the other: several submits of one form are one decision.
        jdbi.useHandle(handle -> Projector.lock(handle, key));
        SessionListing.Listed session =
                sessions.one(key).orElseThrow(() -> new Refused("No session " + key + " is known"));
        if (session.status().equals("DELETED")) {
            throw new Refused("The session was deleted on XNAT: there is nothing to decide about");
        }
        SessionDossier dossier = dossiers.of(key);
        boolean whole = wish.stem().isEmpty();
        check(wish, whole, dossier);
        Optional<QcReviewed> same = same(wish, dossier);
        if (same.isPresent()) {
            return same.get();
        }
        List<String> open = OpenPoints.of(dossier);
        if (wish.decision() == Decision.SIGNED_OFF && !wish.confirmed() && !open.isEmpty()) {
            throw new Refused(
                    "Not everything is done here: " + String.join("; ", open) + ". Confirm to sign off all the same",
                    open);
        }
        Instant now = clock.instant();
        UUID id = UUID.randomUUID();
        QcReviewed event = new QcReviewed(
                wish.session(),
                id.toString(),
                session.study(),
                session.name(),
                whole ? Optional.empty() : Optional.of(wish.scan()),
                whole ? Optional.empty() : Optional.of(wish.stem()),
                wish.decision(),
                wish.seen().stream().sorted().distinct().toList(),
                wish.reviewer(),
                now);
        jdbi.useHandle(handle -> handle.execute(
                "insert into review (id, session, scan, stem, decision, comment, reviewer, time)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?)",
                id,
                key,
                wish.scan(),
                wish.stem(),
                wish.decision().name(),
                wish.comment().strip(),
                wish.reviewer(),
                now));
        Envelope<QcReviewed> envelope = publisher.first(event);
        outbox.store(envelope);
        // Seen at once by the one who decided; hearing it from the topic later changes nothing.
        projector.apply(envelope);
        return event;
    }

    /** The decision that stands when it is this one, by this person and in these words. */
    private Optional<QcReviewed> same(Wish wish, SessionDossier dossier) {
        return dossier.reviews().stream()
                .filter(review -> review.stem().orElse("").equals(wish.stem())
                        && review.scan().orElse("").equals(wish.stem().isEmpty() ? "" : wish.scan()))
                .findFirst()
                .filter(review -> review.decision() == wish.decision()
                        && review.reviewer().equals(wish.reviewer())
                        && review.seen()
                                .equals(wish.seen().stream().sorted().distinct().toList()))
                .filter(review -> jdbi.withHandle(handle -> handle.createQuery(
                                "select exists (select 1 from review where id::text = :id and comment = :comment)")
                        .bind("id", review.reviewId())
                        .bind("comment", wish.comment().strip())
                        .mapTo(Boolean.class)
                        .one()));
    }

    private static void check(Wish wish, boolean whole, SessionDossier dossier) {
        if (whole != (wish.decision() == Decision.SIGNED_OFF) && wish.decision() != Decision.WITHDRAWN) {
            throw new Refused("SIGNED_OFF is for a whole session; PASS, FLAGGED and BLACKLISTED are for one image");
        }
        if (wish.comment().length() > LONGEST_COMMENT) {
            throw new Refused("The comment has " + wish.comment().length() + " characters; at most " + LONGEST_COMMENT
                    + " are kept");
        }
        boolean needsWords = wish.decision() == Decision.FLAGGED || wish.decision() == Decision.BLACKLISTED;
        if (needsWords && wish.comment().isBlank()) {
            throw new Refused("Write in the comment what is wrong with the image");
        }
        List<SeriesDossier.Image> images = dossier.series().stream()
                .filter(series -> whole || series.scan().equals(wish.scan()))
                .flatMap(series -> series.images().stream())
                .filter(image -> whole || image.product().stem().equals(wish.stem()))
                .toList();
        if (!whole && images.isEmpty()) {
            throw new Refused("Series " + wish.scan() + " has no image " + wish.stem() + " now");
        }
        Set<String> now = images.stream().map(SeriesDossier.Image::digest).collect(Collectors.toSet());
        if (wish.decision() != Decision.WITHDRAWN && !Set.copyOf(wish.seen()).equals(now)) {
            throw new Refused("The images changed since this page showed them: look again, then decide");
        }
    }
}
