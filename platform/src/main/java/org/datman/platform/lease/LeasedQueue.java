package org.datman.platform.lease;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.datman.platform.work.WorkerThreads;
import org.jboss.logging.Logger;

/**
 * The rows of a table as a queue for the workers of all processes of a service. A worker claims a row and owns it while its lease
 * lasts; the lease is renewed long before it expires. Claims of a killed process are given back at once when the service starts
 * again on the same machine, otherwise when their leases expire. When to try again and how often is up to the rows.
 *
 * <p>A worker that lost its lease, after a long pause of its process, may still be working: what it writes it writes in a
 * transaction that begins with {@link #held}.
 *
 * @param <R> the rows
 */
public final class LeasedQueue<R extends LeasedRow> {

    private static final Logger LOG = Logger.getLogger(LeasedQueue.class);

    /** Of PostgreSQL: rows that another worker is claiming right now are passed over instead of waited for. */
    private static final int SKIP_LOCKED = -2;

    private final String name;
    private final Class<R> type;
    private final EntityManager entities;
    private final Duration lease;
    private final Map<String, Claim<?>> mine = new ConcurrentHashMap<>();
    private final CountDownLatch stopping = new CountDownLatch(1);

    /**
     * @param name names its thread
     * @param type the entity
     * @param lease how long a row belongs to a process that does not renew it any more; at least a second
     */
    public LeasedQueue(String name, Class<R> type, EntityManager entities, Duration lease) {
        this.name = name;
        this.type = type;
        this.entities = entities;
        this.lease = lease;
    }

    /**
     * Which rows are due, in JPQL about {@code r}.
     *
     * @param condition besides that nobody owns it
     * @param order which is the next
     * @param parameters of the condition
     */
    public record Due(String condition, String order, Map<String, Object> parameters) {}

    /** Gives back the claims of ended processes of this machine, and renews those of this one from now on. */
    public void start(WorkerThreads threads) {
        threads.start("leases-of-" + name, this::renewUntilStopped);
    }

    /** Renews no longer. Claims of work that goes on all the same expire, or are given back when the service starts again. */
    public void stop() {
        stopping.countDown();
    }

    /**
     * Claims the next row that is due, in a transaction of its own.
     *
     * @param read what the worker needs of the row, by row and owner. It may change the row. Empty when there is nothing to do
     *     about it after all: then it must not be due any more, and the next row is taken
     */
    public <T> Optional<Claim<T>> claim(Due due, BiFunction<R, String, Optional<T>> read) {
        return claim(() -> Optional.of(due), read);
    }

    /**
     * Claims the next row that is due, in a transaction of its own, where what is due depends on other rows.
     *
     * @param decide which rows are due, decided in that transaction; empty when none is
     * @param read as above
     */
    public <T> Optional<Claim<T>> claim(Supplier<Optional<Due>> decide, BiFunction<R, String, Optional<T>> read) {
        String owner = OwnerName.next();
        Optional<Claim<T>> claim = QuarkusTransaction.requiringNew().call(() -> {
            Optional<Due> decided = decide.get();
            if (decided.isEmpty()) {
                return Optional.empty();
            }
            Due due = decided.get();
            R before = null;
            for (Optional<R> row = next(due); row.isPresent(); row = next(due)) {
                if (row.get() == before) {
                    throw new IllegalStateException("A row of " + name + " stays due though there is nothing to do");
                }
                before = row.get();
                Optional<T> work = read.apply(before, owner);
                if (work.isPresent()) {
                    before.lease(owner, until());
                    return work.map(todo -> new Claim<>(this, owner, todo));
                }
                entities.flush();
            }
            return Optional.empty();
        });
        claim.ifPresent(one -> mine.put(owner, one));
        return claim;
    }

    private Optional<R> next(Due due) {
        TypedQuery<R> query = entities.createQuery(
                        "from " + type.getName() + " r where (" + due.condition()
                                + ") and (r.leaseUntil is null or r.leaseUntil <= :databaseTime) order by "
                                + due.order(),
                        type)
                .setParameter("databaseTime", databaseTime())
                .setMaxResults(1)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .setHint("jakarta.persistence.lock.timeout", SKIP_LOCKED);
        due.parameters().forEach(query::setParameter);
        return query.getResultStream().findFirst();
    }

    /** The row, locked, if it still belongs to that claim; empty when nothing may be written. In the current transaction. */
    public Optional<R> held(Object id, String owner) {
        return Optional.ofNullable(entities.find(type, id, LockModeType.PESSIMISTIC_WRITE))
                .filter(row -> row.leaseOwner().equals(Optional.of(owner)));
    }

    void giveBack(Claim<?> claim) {
        // The pool of connections rejects an interrupted thread.
        boolean interrupted = Thread.interrupted();
        try {
            release(List.of(claim.owner()));
            mine.remove(claim.owner());
        } catch (RuntimeException e) {
            LOG.warnf(e, "A claim could not be given back yet, will retry queue=%s claim=%s", name, claim.owner());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private int release(Collection<String> owners) {
        return owners.isEmpty()
                ? 0
                : QuarkusTransaction.requiringNew().call(() -> entities.createQuery("update " + type.getName()
                                + " r set r.leaseOwner = null, r.leaseUntil = null where r.leaseOwner in :owners")
                        .setParameter("owners", owners)
                        .executeUpdate());
    }

    private void renewUntilStopped() {
        boolean released = false;
        do {
            try {
                if (!released) {
                    releaseDead();
                    released = true;
                }
                renew();
            } catch (RuntimeException e) {
                LOG.warnf(e, "Leases could not be renewed, will retry queue=%s", name);
            }
        } while (!stopped(lease.dividedBy(3)));
    }

    private boolean stopped(Duration wait) {
        try {
            return stopping.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Gives back the claims of processes of this machine that have ended; returns their number. */
    int releaseDead() {
        List<String> owners = QuarkusTransaction.requiringNew().call(() -> entities.createQuery(
                        "select distinct r.leaseOwner from " + type.getName() + " r where r.leaseOwner is not null",
                        String.class)
                .getResultList());
        List<String> dead = owners.stream().filter(OwnerName::isDead).toList();
        int released = release(dead);
        if (released > 0) {
            LOG.infof("Claims of ended processes are given back queue=%s count=%d", name, released);
        }
        return released;
    }

    /** Renews the leases of this process, and gives back what could not be given back before. */
    void renew() {
        for (Claim<?> claim : mine.values()) {
            try {
                if (claim.isClosed()) {
                    giveBack(claim);
                } else if (!claim.isLost() && !renew(claim.owner())) {
                    claim.lose();
                }
            } catch (RuntimeException e) {
                LOG.warnf(e, "A lease could not be renewed, will retry queue=%s claim=%s", name, claim.owner());
            }
        }
    }

    private boolean renew(String owner) {
        return QuarkusTransaction.requiringNew()
                .call(() -> entities.createQuery("update " + type.getName()
                                        + " r set r.leaseUntil = :until where r.leaseOwner = :owner")
                                .setParameter("until", until())
                                .setParameter("owner", owner)
                                .executeUpdate()
                        == 1);
    }

    private Instant until() {
        return databaseTime().plus(lease);
    }

    private Instant databaseTime() {
        return (Instant) entities.createNativeQuery("select clock_timestamp()", Instant.class)
                .getSingleResult();
    }
}
