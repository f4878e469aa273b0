package org.datman.ingest.listing;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import org.datman.platform.lease.LeasedRow;
import org.jspecify.annotations.Nullable;

/** When a project is listed next. */
@Entity
public class ProjectSweep extends LeasedRow {

    @Id
    public String project;

    public Instant nextAt;

    /** When it was last listed completely; null for never. */
    public @Nullable Instant lastComplete;
}
