package org.datman.ingest.published;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.datman.contracts.event.SessionRef;
import org.jspecify.annotations.Nullable;

/** A {@link SessionState} in the database. */
@Entity
@Table(name = "session_state")
class SessionStateRow {

    /** {@code server/accession}. */
    @Id
    private String id;

    private String server;
    private String accession;
    private String project;
    private boolean deleted;
    private String configRevision;
    private String outline;
    private Instant firstSeen;
    private Instant lastChange;
    private @Nullable Instant settleAt;
    private @Nullable Instant settleCapAt;
    private @Nullable Instant settledAt;
    private long settleRevision;

    /** For Hibernate. */
    protected SessionStateRow() {}

    SessionStateRow(SessionState state) {
        id = state.ref().identity();
        server = state.ref().server();
        accession = state.ref().accession();
        firstSeen = state.firstSeen();
        store(state);
    }

    SessionRef ref() {
        return new SessionRef(server, accession);
    }

    SessionState state() {
        return new SessionState(
                ref(),
                project,
                deleted,
                configRevision,
                outline,
                firstSeen,
                lastChange,
                settleAt,
                settleCapAt,
                settledAt,
                settleRevision);
    }

    /** Takes over all of a state that can change. */
    final void store(SessionState state) {
        project = state.project();
        deleted = state.deleted();
        configRevision = state.configRevision();
        outline = state.outline();
        lastChange = state.lastChange();
        settleAt = state.settleAt();
        settleCapAt = state.settleCapAt();
        settledAt = state.settledAt();
        settleRevision = state.settleRevision();
    }
}
