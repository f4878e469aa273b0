package org.datman.ingest.published;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a session besides its last published events, and when it settles.
 *
 * @param outline digest of the session without its file listings, for the nightly check; or which of them the server did not give
 * @param settleAt end of the quiet period; null when settled
 * @param settleCapAt when it settles although it still changes; null when settled
 * @param settledAt when it settled last; null when it never has, or before this was recorded
 */
@RecordBuilder
public record SessionState(
        SessionRef ref,
        String project,
        boolean deleted,
        String configRevision,
        String outline,
        Instant firstSeen,
        Instant lastChange,
        @Nullable Instant settleAt,
        @Nullable Instant settleCapAt,
        @Nullable Instant settledAt,
        long settleRevision)
        implements SessionStateBuilder.With {

    /** Of a session that is seen for the first time. */
    public static SessionState first(SessionRef ref, Instant now) {
        return new SessionState(ref, "", false, "", "", now, now, null, null, null, 0);
    }

    /** After this was published about the session. */
    public SessionState published(SessionDiscovered published) {
        return with(state -> state.project(published.project())
                .deleted(published.status() == SessionDiscovered.Status.DELETED)
                .configRevision(published.configRevision()));
    }

    /** After a change: the quiet period begins again. */
    public SessionState changed(Instant now, SettlePolicy policy) {
        Instant cap = settleCapAt == null ? now.plus(policy.cap()) : settleCapAt;
        return with(state -> state.lastChange(now).settleCapAt(cap).settleAt(policy.deadline(now, cap)));
    }

    /** It settles now. */
    public SessionState settled(Instant now) {
        return withoutDeadline().with(state -> state.settledAt(now).settleRevision(settleRevision + 1));
    }

    /** It does not settle any more unless it changes. */
    public SessionState withoutDeadline() {
        return with(state -> state.settleAt(null).settleCapAt(null));
    }

    /** Whether the quiet period is over. */
    public boolean isDue(Instant now) {
        return !deleted && settleAt != null && !settleAt.isAfter(now);
    }

    /** Whether it settles although it still changes. */
    public boolean isCapOver(Instant now) {
        return settleCapAt != null && !settleCapAt.isAfter(now);
    }
}
