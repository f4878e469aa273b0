package org.datman.contracts.event;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A person's decision on a series or a session, bound to the bytes that were seen. The comment stays in the dashboard.
 *
 * @param reviewId id of the review in the dashboard, where the comment is kept
 * @param sessionName DATMAN session name
 * @param stem the reviewed image; empty for a sign-off of the whole session
 * @param decision what was decided
 * @param seen SHA-256 of the images that were displayed
 * @param reviewer login name
 * @param time when it was decided
 */
@WithBuilder
public record QcReviewed(
        SessionRef session,
        String reviewId,
        String study,
        String sessionName,
        Optional<String> scan,
        Optional<String> stem,
        Decision decision,
        List<String> seen,
        String reviewer,
        Instant time)
        implements Event.OfSession, QcReviewedBuilder.With {

    /** What a reviewer can decide; {@code WITHDRAWN} takes an earlier decision back. */
    public enum Decision {
        PASS,
        FLAGGED,
        BLACKLISTED,
        SIGNED_OFF,
        WITHDRAWN
    }

    @Override
    public String identity() {
        return session.identity() + stem.map(s -> "/" + s).orElse("");
    }

    @Override
    public String revision() {
        return reviewId;
    }

    @Override
    public Optional<ScanId> scanId() {
        return scan.map(ScanId::new);
    }

    @Override
    public EventOrder order() {
        return EventOrder.of(time);
    }

    @Override
    public String summary() {
        return reviewer + " decided " + (decision == Decision.WITHDRAWN ? "undone" : Summaries.words(decision)) + " on "
                + scan.map(one -> "series " + one).orElse("the session");
    }
}
