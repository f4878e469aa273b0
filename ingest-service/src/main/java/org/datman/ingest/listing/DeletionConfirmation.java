package org.datman.ingest.listing;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import org.datman.contracts.event.SessionRef;
import org.datman.ingest.IngestSettings;
import org.datman.ingest.session.PublishedSessionRow;

/** Distinguishes a deleted session from one that is temporarily not visible. */
@ApplicationScoped
public class DeletionConfirmation {

    private final ProjectSweeps sweeps;
    private final IngestSettings settings;
    private final Clock clock;

    DeletionConfirmation(ProjectSweeps sweeps, IngestSettings settings, Clock clock) {
        this.sweeps = sweeps;
        this.settings = settings;
        this.clock = clock;
    }

    /** What a 404 means. */
    public enum Judgement {
        /** It is missing from several complete listings too. */
        DELETED,
        /** The listings have not confirmed it yet. */
        NOT_CONFIRMED,
        /** It has never been seen. */
        NEVER_SEEN
    }

    /** Interprets that XNAT does not have a session. Schedules a listing of its project when that is not certain. */
    public Judgement judge(SessionRef ref) {
        return QuarkusTransaction.requiringNew().call(() -> {
            PublishedSessionRow state = PublishedSessionRow.findById(ref.identity());
            if (state == null) {
                return Judgement.NEVER_SEEN;
            }
            List<ListedSession> listings = ListedSession.list("sessionId", ref.identity());
            boolean confirmed = !listings.isEmpty()
                    && listings.stream().allMatch(l -> l.missed >= settings.deletionConfirmations());
            if (confirmed || state.deleted) {
                listings.forEach(ListedSession::delete);
                return Judgement.DELETED;
            }
            listings.forEach(l -> sweeps.soon(l.project, clock.instant()));
            return Judgement.NOT_CONFIRMED;
        });
    }

    /** The session was seen: the next listing of its project should contain it. */
    public void present(SessionRef ref, String project) {
        QuarkusTransaction.requiringNew().run(() -> expect(ref, project));
    }

    private static void expect(SessionRef ref, String project) {
        List<ListedSession> listings = ListedSession.list("sessionId", ref.identity());
        for (ListedSession listing : listings) {
            if (listing.missed > 0 && !listing.project.equals(project)) {
                listing.delete(); // moved, or no longer shared
            } else {
                listing.missed = 0;
            }
        }
        if (listings.stream().noneMatch(l -> l.project.equals(project))) {
            ListedSession expected = new ListedSession();
            expected.id = project + "/" + ref.identity();
            expected.project = project;
            expected.sessionId = ref.identity();
            expected.signature = "";
            expected.persist();
        }
    }
}
