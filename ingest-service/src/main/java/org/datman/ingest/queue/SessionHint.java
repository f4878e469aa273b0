package org.datman.ingest.queue;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.Instant;
import org.datman.platform.lease.LeasedRow;
import org.jspecify.annotations.Nullable;

/** A queue entry: a session that has to be synchronised. */
@Entity
public class SessionHint extends LeasedRow {

    /** The source of the notification. */
    public enum Origin {
        WEBHOOK,
        SWEEP,
        FULL_SWEEP,
        SETTLE,
        REQUEST,
        CONFIGURATION
    }

    /** {@code server/accession}. */
    @Id
    public String id;

    public String server;
    public String accession;

    @Enumerated(EnumType.STRING)
    public Origin origin;

    public String correlation;
    public @Nullable String causation;

    /** Whether to publish everything again, changed or not. */
    public boolean sayAgain;

    /** Publish only this scan again; null for all. */
    public @Nullable String scan;

    public Instant firstHint;
    public Instant notBefore;
    public long generation;
    public int attempts;
}
