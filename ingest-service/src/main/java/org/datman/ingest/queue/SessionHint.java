package org.datman.ingest.queue;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.Instant;
import org.datman.contracts.event.SessionRef;
import org.datman.ingest.outgoing.EventChain;
import org.datman.platform.lease.LeasedRow;
import org.jspecify.annotations.Nullable;

/** A queue entry: a session that has to be synchronised. Entries are added by {@link SessionQueue}, in SQL. */
@Entity
class SessionHint extends LeasedRow {

    /** {@code server/accession}. */
    @Id
    private String id;

    private String server;
    private String accession;

    @Enumerated(EnumType.STRING)
    private SyncOrigin origin;

    private String correlation;
    private @Nullable String causation;

    /** Whether to publish everything again, changed or not. */
    private boolean republish;

    /** Publish only this scan again; null for all. */
    private @Nullable String scan;

    @Column(name = "first_hint")
    private Instant firstHint;

    @Column(name = "not_before")
    private Instant notBefore;

    private long generation;
    private int attempts;

    /** The task of the worker that claims it. */
    SyncTask task(String owner) {
        return new SyncTask(
                new SessionRef(server, accession),
                origin,
                new EventChain(correlation, causation, firstHint),
                republish,
                scan,
                generation,
                owner,
                attempts);
    }

    /** Whether no notification came since the task was claimed. */
    boolean isCoveredBy(SyncTask task) {
        return generation == task.generation();
    }

    /** A notification came while the session was read: it is read again at once. */
    void restart(Instant now) {
        firstHint = now;
        waitUntil(now);
    }

    /** Reading failed: the attempts count from the last notification. */
    void failed(SyncTask task, Instant next) {
        if (isCoveredBy(task)) {
            attempts = task.attempts() + 1;
        }
        waitUntil(next);
    }

    private void waitUntil(Instant time) {
        notBefore = time;
        release();
    }

    int attempts() {
        return attempts;
    }
}
