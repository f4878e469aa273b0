package org.datman.ingest.listing;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.SessionRef;
import org.datman.ingest.IngestSettings;
import org.datman.ingest.published.SessionState;
import org.datman.ingest.published.SessionStore;

/** Distinguishes a deleted session from one that is temporarily not visible. */
@ApplicationScoped
public class DeletionConfirmation {

    private final ListedSessions listings;
    private final SessionStore store;
    private final SweepQueue sweeps;
    private final IngestSettings settings;

    DeletionConfirmation(ListedSessions listings, SessionStore store, SweepQueue sweeps, IngestSettings settings) {
        this.listings = listings;
        this.store = store;
        this.sweeps = sweeps;
        this.settings = settings;
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
            Optional<SessionState> state = store.state(ref);
            if (state.isEmpty()) {
                return Judgement.NEVER_SEEN;
            }
            List<ListedSession> listed = listings.of(ref);
            boolean confirmed = !listed.isEmpty()
                    && listed.stream().allMatch(one -> one.missed() >= settings.deletionConfirmations());
            if (confirmed || state.get().deleted()) {
                listed.forEach(listings::delete);
                return Judgement.DELETED;
            }
            listed.forEach(one -> sweeps.now(one.project()));
            return Judgement.NOT_CONFIRMED;
        });
    }

    /** The session was seen: the next listing of its project should contain it. */
    public void present(SessionRef ref, String project) {
        QuarkusTransaction.requiringNew().run(() -> expect(ref, project));
    }

    private void expect(SessionRef ref, String project) {
        List<ListedSession> listed = listings.of(ref);
        for (ListedSession one : listed) {
            if (one.missed() > 0 && !one.project().equals(project)) {
                listings.delete(one); // moved, or no longer shared
            } else {
                one.seen();
            }
        }
        if (listed.stream().noneMatch(one -> one.project().equals(project))) {
            listings.expect(project, ref);
        }
    }
}
