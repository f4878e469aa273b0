package org.datman.ingest.listing;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import org.datman.platform.lease.LeasedRow;
import org.jspecify.annotations.Nullable;

/** When a project is listed next. Added by {@link SweepQueue}, in SQL. */
@Entity
class ProjectSweep extends LeasedRow {

    @Id
    private String project;

    @Column(name = "next_at")
    private Instant nextAt;

    /** When it was last listed completely; null for never. */
    @Column(name = "last_complete")
    private @Nullable Instant lastComplete;

    String project() {
        return project;
    }

    /** It could not be listed now. */
    void postpone(Instant next) {
        nextAt = next;
        release();
    }

    /** It was listed completely. */
    void complete(Instant now, Instant next) {
        lastComplete = now;
        postpone(next);
    }
}
