package org.datman.dashboard.assignment;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.Comparator;
import java.util.Optional;
import org.datman.contracts.event.SeriesAssigned;
import org.datman.contracts.event.SeriesAssigned.Assigned;
import org.datman.contracts.event.SeriesAssigned.Decision;
import org.datman.contracts.event.SeriesAssignedBuilder;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.SiteConfiguration;
import org.datman.dashboard.access.GrantedStudies;
import org.datman.dashboard.listing.SessionListing;
import org.datman.dashboard.projection.DetailsReader;
import org.datman.dashboard.projection.OwnEvents;
import org.datman.dashboard.projection.Projector;
import org.datman.dashboard.projection.Recorded;
import org.datman.dashboard.projection.SeriesDetails;
import org.datman.dashboard.projection.SessionDetails;

/** Publishes what a person assigned to a series. Ingest keeps it with the series, and tagging follows it. */
@ApplicationScoped
public class TagAssignments {

    /** It is written into events and provenance, which are kept: a sentence, no report. */
    private static final int LONGEST_REASON = 300;

    private final Projector projector;
    private final DetailsReader detailsReader;
    private final SessionListing sessions;
    private final GrantedStudies studies;
    private final OwnEvents events;
    private final Clock clock;

    TagAssignments(
            Projector projector,
            DetailsReader detailsReader,
            SessionListing sessions,
            GrantedStudies studies,
            OwnEvents events,
            Clock clock) {
        this.projector = projector;
        this.detailsReader = detailsReader;
        this.sessions = sessions;
        this.studies = studies;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Assigns.
     *
     * @param tag for {@code TAG}; else empty
     * @throws ClientErrorException when it cannot be assigned as things are now (409), with the reason
     */
    @Transactional
    public SeriesAssigned assign(
            SessionRef session, String scan, Decision decision, String tag, String reason, String by) {
        String key = session.identity();
        // Serialized: several submits of one form are one assignment.
        projector.lock(key);
        SessionListing.Listed listed = sessions.one(key).orElseThrow(() -> refused("No session " + key + " is known"));
        SessionDetails details = detailsReader.of(key);
        SeriesDiscovered series = details.series().stream()
                .filter(one -> one.scan().equals(scan))
                .findFirst()
                .flatMap(SeriesDetails::findDiscovered)
                .map(Recorded::event)
                .filter(one -> one.status() != SeriesDiscovered.Status.REMOVED)
                .orElseThrow(() -> refused("Session " + key + " has no series " + scan + " now"));
        Optional<SeriesAssigned> last = details.assignments().stream()
                .map(Recorded::event)
                .filter(one -> one.scan().equals(scan) && one.uid().equals(series.uid()))
                .max(Comparator.comparing(SeriesAssigned::time));
        Optional<Assigned> standing = last.map(SeriesAssigned::standing).orElse(series.assigned());
        check(listed, scan, decision, tag, reason.strip(), standing.isPresent());
        SeriesAssigned event = SeriesAssignedBuilder.builder()
                .session(session)
                .scan(scan)
                .decision(decision)
                .reason(reason.strip())
                .assignedBy(by)
                .time(clock.instant())
                .uid(series.uid())
                .tag(Optional.of(tag).filter(any -> decision == Decision.TAG))
                .build();
        if (last.filter(one -> one.withTime(event.time()).equals(event)).isPresent()) {
            return last.get();
        }
        events.publish(event);
        return event;
    }

    private void check(
            SessionListing.Listed session, String scan, Decision decision, String tag, String reason, boolean stands) {
        if (session.status().equals("DELETED")) {
            throw refused("The session was deleted on XNAT: there is nothing to decide about");
        }
        if (reason.isEmpty() || reason.length() > LONGEST_REASON) {
            throw refused("Write why, in 1 to " + LONGEST_REASON + " characters");
        }
        if (decision == Decision.WITHDRAWN && !stands) {
            throw refused("Nothing is assigned to series " + scan + " by a person: look at it again");
        }
        if (decision == Decision.TAG) {
            SiteConfiguration site = studies.current()
                    .study(session.study())
                    .flatMap(study -> study.site(session.site()))
                    .orElseThrow(() -> refused("The session has no study and site: correct its label on XNAT first"));
            if (!site.tags().containsKey(tag)) {
                throw refused("'" + tag + "' is no tag of site " + site.code() + " of study " + session.study()
                        + "; tags: " + String.join(", ", site.tags().keySet()));
            }
        }
    }

    private static ClientErrorException refused(String why) {
        return new ClientErrorException(why, Response.Status.CONFLICT);
    }
}
