package org.datman.ingest.listing;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;

/** When a project is listed next. */
@Entity
public class ProjectSweep extends PanacheEntityBase {

    @Id
    public String project;

    public Instant nextAt;
    public Instant leaseUntil;

    /** When it was last listed completely; null for never. */
    public Instant lastComplete;

    /** Schedules a listing of a project now, if the project is listed at all. In the current transaction. */
    static void soon(String project, Instant now) {
        update("nextAt = ?1 where project = ?2 and nextAt > ?1", now, project);
    }
}
