package org.datman.ingest.listing;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/** When which project is listed next. In the current transaction. */
@ApplicationScoped
public class ProjectSweeps implements PanacheRepositoryBase<ProjectSweep, String> {

    /** Schedules a listing of a project now, if the project is listed at all. */
    void soon(String project, Instant now) {
        update("nextAt = ?1 where project = ?2 and nextAt > ?1", now, project);
    }

    /** Schedules listings of all projects now. */
    public void allSoon(Instant now) {
        update("nextAt = ?1", now);
    }

    /** Schedules a first listing of a project that is not known yet. */
    public void know(String project, Instant now) {
        // In SQL: another process may add the same project at the same time.
        getEntityManager()
                .createNativeQuery(
                        "insert into project_sweep (project, next_at) values (?1, ?2) on conflict do nothing")
                .setParameter(1, project)
                .setParameter(2, now)
                .executeUpdate();
    }
}
