package org.datman.ingest.queue;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import org.datman.contracts.event.SessionRef;
import org.datman.platform.lease.LeasedQueue;

/** The rows of the queue, for tests. */
@ApplicationScoped
public class QueueTable {

    private final SessionHints rows;

    QueueTable(SessionHints rows) {
        this.rows = rows;
    }

    public void deleteAll() {
        QuarkusTransaction.requiringNew().run(rows::deleteAll);
    }

    public long count(String accession) {
        return QuarkusTransaction.requiringNew().call(() -> rows.count("accession", accession));
    }

    /** What waits for its time is due. */
    public void dueNow() {
        QuarkusTransaction.requiringNew().run(() -> rows.update("notBefore = ?1", Instant.EPOCH));
    }

    /** Whether a session waits for its time. */
    public boolean waits(String accession) {
        return QuarkusTransaction.requiringNew()
                .call(() -> rows.count("accession = ?1 and notBefore > ?2", accession, Instant.now()) > 0);
    }

    /** In the current transaction, if there is one. */
    public void lease(SessionRef session, String owner, Instant until) {
        QuarkusTransaction.joiningExisting()
                .run(() -> rows.update(
                        "leaseOwner = ?1, leaseUntil = ?2 where id = ?3", owner, until, session.identity()));
    }

    /** The queue as it is when the service starts. */
    public LeasedQueue<?> restarted() {
        return new LeasedQueue<>("restarted", SessionHint.class, rows.getEntityManager(), Duration.ofMinutes(1));
    }
}
