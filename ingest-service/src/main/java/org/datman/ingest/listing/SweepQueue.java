package org.datman.ingest.listing;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.datman.ingest.IngestSettings;
import org.datman.platform.lease.Claim;
import org.datman.platform.lease.LeasedQueue;
import org.datman.platform.lease.LeasedQueue.Due;
import org.datman.platform.work.WorkerThreads;

/** The projects that have to be listed: a durable queue with one entry per project. */
@ApplicationScoped
public class SweepQueue {

    /** In SQL: another process may add the same project at the same time. */
    private static final String ADD =
            "insert into project_sweep (project, next_at) values (?1, ?2) on conflict do nothing";

    private final EntityManager database;
    private final Rows rows;
    private final LeasedQueue<ProjectSweep> queue;
    private final Clock clock;

    SweepQueue(EntityManager database, Rows rows, IngestSettings settings, Clock clock) {
        this.database = database;
        this.rows = rows;
        this.queue = new LeasedQueue<>("sweeps", ProjectSweep.class, database, settings.lease());
        this.clock = clock;
    }

    @ApplicationScoped
    static class Rows implements PanacheRepositoryBase<ProjectSweep, String> {}

    /** Gives back what ended processes had claimed, and renews the claims of this one until {@link #stop}. */
    public void start(WorkerThreads threads) {
        queue.start(threads);
    }

    public void stop() {
        queue.stop();
    }

    /** Adds projects that are not known yet. */
    public void add(Iterable<String> projects) {
        QuarkusTransaction.requiringNew()
                .run(() -> projects.forEach(project -> database.createNativeQuery(ADD)
                        .setParameter(1, project)
                        .setParameter(2, clock.instant())
                        .executeUpdate()));
    }

    /** Makes all projects due. */
    public void allNow() {
        QuarkusTransaction.requiringNew().run(() -> rows.update("nextAt = ?1", clock.instant()));
    }

    /** Makes a project due, if it is listed at all. In the current transaction. */
    void now(String project) {
        rows.update("nextAt = ?1 where project = ?2 and nextAt > ?1", clock.instant(), project);
    }

    /**
     * Claims the next project that is due, for one worker alone.
     *
     * @param used whether a study still uses a project; one that none uses leaves the queue until one does
     */
    public Optional<Claim<String>> claim(Predicate<String> used) {
        return queue.claim(new Due("r.nextAt <= :now", "r.nextAt", Map.of("now", clock.instant())), (sweep, owner) -> {
            if (!used.test(sweep.project())) {
                rows.delete(sweep);
                return Optional.empty();
            }
            return Optional.of(sweep.project());
        });
    }

    /** Releases a project that could not be listed, to be retried later. */
    public void retry(Claim<String> claim, Duration wait) {
        QuarkusTransaction.requiringNew().run(() -> held(claim)
                .ifPresent(sweep -> sweep.postpone(clock.instant().plus(wait))));
    }

    /** Whether the project still belongs to that claim: otherwise nothing may be written. In the current transaction. */
    public boolean holds(Claim<String> claim) {
        return held(claim).isPresent();
    }

    /** Completes a listing. In the current transaction. */
    public void complete(Claim<String> claim, Duration untilNext) {
        held(claim)
                .ifPresent(
                        sweep -> sweep.complete(clock.instant(), clock.instant().plus(untilNext)));
    }

    private Optional<ProjectSweep> held(Claim<String> claim) {
        return queue.held(claim.work(), claim.owner());
    }
}
