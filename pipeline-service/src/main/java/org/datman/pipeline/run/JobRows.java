package org.datman.pipeline.run;

import io.quarkus.hibernate.orm.panache.PanacheRepository;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Collection;
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

    /** A run that a session wants by its last decision, and what was last published of it. */
    record Wanted(String session, String pipeline, String result) {}

    /** The runs that some sessions want by their last decisions; of each the one that was requested last. */
    List<Wanted> wanted(Collection<SessionRef> sessions) {
        return getEntityManager()
                .createQuery(
                        "select r.session, r.pipeline, r.result from JobRow r, PublishedDecision d where r.session in :sessions"
                                + " and d.session = r.session and d.pipeline = r.pipeline"
                                + " and d.what = 'requested ' || r.sessionName || ' ' || r.runKey"
                                + " and r.id = (select max(o.id) from JobRow o where o.session = r.session"
                                + " and o.pipeline = r.pipeline and o.runKey = r.runKey)",
                        Wanted.class)
                .setParameter(
                        "sessions", sessions.stream().map(SessionRef::identity).toList())
                .getResultList();
    }

    /** A pipeline of a session. */
    record SessionPipeline(String session, String pipeline) {}

    /** The pipelines of some sessions that have a run which has not ended. */
    List<SessionPipeline> underWay(Collection<SessionRef> sessions) {
        return getEntityManager()
                .createQuery(
                        "select distinct r.session, r.pipeline from JobRow r where r.session in :sessions"
                                + " and r.state in ('QUEUED', 'RUNNING')",
                        SessionPipeline.class)
                .setParameter(
                        "sessions", sessions.stream().map(SessionRef::identity).toList())
                .getResultList();
    }

    /** Those that wait for a worker, locked. */
    List<JobRow> queued(SessionRef session, String pipeline) {
        return find("session = ?1 and pipeline = ?2 and state = 'QUEUED'", session.identity(), pipeline)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .list();
    }

    /** Locks a row that was read, and reads it again. */
    void lock(JobRow row) {
        flush();
        getEntityManager().refresh(row, LockModeType.PESSIMISTIC_WRITE);
    }

    /** Until the end of the transaction no other process decides which run is next. */
    void lockClaims() {
        getEntityManager()
                .createNativeQuery("select cast(pg_advisory_xact_lock(hashtextextended('pipeline claims', 0)) as text)")
                .getSingleResult();
    }

    /** The pipelines of which a queued run may start as far as its time goes. */
    List<Turns.Line> lines(Instant now) {
        return getEntityManager()
                .createQuery(
                        "select distinct r.study, r.rule from JobRow r where r.state = 'QUEUED' and r.notBefore <= :now",
                        Object[].class)
                .setParameter("now", now)
                .getResultStream()
                .map(row -> new Turns.Line((String) row[0], (String) row[1]))
                .toList();
    }

    /** How many runs are under way. */
    List<Turns.UnderWay> underWay() {
        return getEntityManager()
                .createQuery(
                        "select r.study, r.rule, coalesce(r.runner, ''), count(r) from JobRow r where r.state = 'RUNNING'"
                                + " group by r.study, r.rule, r.runner",
                        Object[].class)
                .getResultStream()
                .map(row -> new Turns.UnderWay((String) row[0], (String) row[1], (String) row[2], (Long) row[3]))
                .toList();
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
                        "handle = nullif(?1, '') where id = ?2 and leaseOwner = ?3 and attempt = ?4 and state = 'RUNNING'",
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
