package org.datman.contracts.event;

import java.time.Instant;
import java.util.Optional;

/**
 * A person assigns a tag to a series, or none, or takes that back. It stands until the next one about the series, whatever the
 * rules of the study become.
 *
 * @param scan XNAT's scan id when it was decided
 * @param uid SeriesInstanceUID, when known: the series keeps its tag when it is sent again as another scan, and another series that
 *     comes as this scan does not get it
 * @param decision what was decided
 * @param tag the tag, for {@code TAG} only
 * @param reason why, in the person's words
 * @param assignedBy login name
 */
@WithBuilder
public record SeriesAssigned(
        SessionRef session,
        String scan,
        Optional<String> uid,
        Decision decision,
        Optional<String> tag,
        String reason,
        String assignedBy,
        Instant time)
        implements Event.OfSession, SeriesAssignedBuilder.With {

    /** What a person can decide about the tag of a series. */
    public enum Decision {
        /** It gets this tag. */
        TAG,
        /** It gets no tag and is ignored. */
        NO_TAG,
        /** The rules decide again. */
        WITHDRAWN
    }

    /**
     * The part of it that stands.
     *
     * @param tag empty: none, it is ignored
     */
    public record Assigned(Optional<String> tag, String reason, String assignedBy, Instant time) {

        /** Who, when and why, for people. */
        public String basis() {
            return "by " + assignedBy + " on " + time.toString().substring(0, 10) + " ('" + reason + "')";
        }
    }

    /** What stands by it; empty when it takes an earlier one back. */
    public Optional<Assigned> standing() {
        return decision == Decision.WITHDRAWN
                ? Optional.empty()
                : Optional.of(new Assigned(tag, reason, assignedBy, time));
    }

    @Override
    public String identity() {
        return session.identity() + "/" + scan + uid.map(known -> "/" + known).orElse("");
    }

    @Override
    public String revision() {
        return time + "@" + assignedBy;
    }

    @Override
    public Optional<ScanId> scanId() {
        return Optional.of(new ScanId(scan));
    }

    @Override
    public EventOrder order() {
        return EventOrder.of(time);
    }

    @Override
    public String summary() {
        String what =
                switch (decision) {
                    case TAG -> " assigned tag " + tag.orElse("") + " to series " + scan;
                    case NO_TAG -> " assigned no tag to series " + scan;
                    case WITHDRAWN -> " took the assignment of series " + scan + " back";
                };
        return assignedBy + what + ": " + reason;
    }
}
