package org.datman.pipeline.run;

import io.quarkus.hibernate.orm.panache.PanacheRepository;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.SessionRef;

/** The requested runs. */
@ApplicationScoped
class JobRows implements PanacheRepository<JobRow> {

    /** All of that run, in the order in which they were requested. */
    List<JobRow> ofRun(SessionRef session, String pipeline, String runKey) {
        return list(
                "session = ?1 and pipeline = ?2 and runKey = ?3", Sort.by("id"), session.identity(), pipeline, runKey);
    }

    /** Those that wait for a worker, locked. */
    List<JobRow> queued(SessionRef session, String pipeline) {
        return find("session = ?1 and pipeline = ?2 and state = 'QUEUED'", session.identity(), pipeline)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .list();
    }

    /** Whether the job that a folder names is known, and no worker has it: the folders of its attempts are not needed. */
    boolean hasEnded(Workspace.Named job) {
        return find("id = ?1 and state <> 'RUNNING'", job.id())
                .firstResultOptional()
                .filter(row -> row.isOf(job))
                .isPresent();
    }

    /** Stores the runner's handle of the job; false when it belongs to another worker now. */
    boolean started(Job job, String handle) {
        return update(
                        "handle = ?1 where id = ?2 and leaseOwner = ?3 and attempt = ?4 and state = 'RUNNING'",
                        handle,
                        job.id(),
                        job.owner(),
                        job.attempt())
                == 1;
    }

    /** The newest of another run that ended well. */
    Optional<JobRow> former(SessionRef session, String pipeline, String runKey) {
        return find(
                        "session = ?1 and pipeline = ?2 and runKey <> ?3 and state = 'SUCCEEDED'",
                        Sort.descending("id"),
                        session.identity(),
                        pipeline,
                        runKey)
                .firstResultOptional();
    }
}
