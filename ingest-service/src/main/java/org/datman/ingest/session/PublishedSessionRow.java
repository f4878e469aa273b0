package org.datman.ingest.session;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is known of a session besides its last published events, and when it settles. */
@Entity
@Table(name = "session_state")
public class PublishedSessionRow extends PanacheEntityBase {

    /** {@code server/accession}. */
    @Id
    public String id;

    public String server;
    public String accession;
    public String project;
    public boolean deleted;
    public String configRevision;

    /** Digest of the session without its file listings, for the nightly check. */
    public String outline;

    public Instant firstSeen;
    public Instant lastChange;

    /** End of the quiet period; null when settled. */
    public @Nullable Instant settleAt;

    public @Nullable Instant settleCapAt;

    /** When it settled last; null when it never has, or before this was recorded. */
    public @Nullable Instant settledAt;

    public long settleRevision;
}
