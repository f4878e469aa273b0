package org.datman.ingest.queue;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.datman.contracts.event.SessionRef;
import org.datman.ingest.IngestSettings;
import org.datman.ingest.outgoing.EventChain;
import org.datman.platform.lease.Claim;
import org.datman.platform.lease.LeasedQueue;
import org.datman.platform.lease.LeasedQueue.Due;
import org.datman.platform.work.WorkerThreads;
import org.hibernate.query.NativeQuery;
import org.jspecify.annotations.Nullable;

/** The sessions that have to be synchronised: a durable queue with one entry per session. */
@ApplicationScoped
public class SessionQueue {

    /** In SQL: what a waiting entry and a new one make together, and when it is read, in one statement that no other can interrupt. */
    private static final String ADD = """
            insert into session_hint (id, server, accession, origin, correlation, causation, republish, scan, first_hint,
                                      not_before, generation, attempts)
            values (:id, :server, :accession, :origin, :correlation, :causation, :republish, :scan, :now, :notBefore, 1, 0)
            on conflict (id) do update set
                generation = session_hint.generation + 1,
                attempts = 0,
                not_before = least(excluded.not_before, greatest(session_hint.first_hint + make_interval(secs => :cap), :now)),
                origin = case when session_hint.origin in ('WEBHOOK', 'FEED', 'REQUEST') or excluded.origin = 'FULL_SWEEP'
                              then session_hint.origin else excluded.origin end,
                scan = case when session_hint.republish and session_hint.scan is distinct from excluded.scan then null
                            when session_hint.republish then session_hint.scan else excluded.scan end,
                republish = session_hint.republish or excluded.republish,
                causation = coalesce(excluded.causation, session_hint.causation)
            """;

    private final EntityManager database;
    private final SessionHints hints;
    private final LeasedQueue<SessionHint> queue;
    private final IngestSettings settings;
    private final Clock clock;

    SessionQueue(EntityManager database, SessionHints hints, IngestSettings settings, Clock clock) {
        this.database = database;
        this.hints = hints;
        this.queue = new LeasedQueue<>("sessions", SessionHint.class, database, settings.lease());
        this.settings = settings;
        this.clock = clock;
    }

    /** Enqueues a session that may have changed, with a short debounce. In the current transaction. */
    public void debounced(SessionRef ref, SyncOrigin origin, EventChain chain) {
        add(ref, origin, chain, false, null, settings.debounce());
    }

    /** Enqueues a session without delay. In the current transaction. */
    public void now(SessionRef ref, SyncOrigin origin, EventChain chain) {
        add(ref, origin, chain, false, null, Duration.ZERO);
    }

    /** Enqueues a session that could not be read whole, to be read later. In the current transaction. */
    public void later(SessionRef ref, EventChain chain, Duration wait) {
        add(ref, SyncOrigin.SWEEP, chain, false, null, wait);
    }

    /**
     * Enqueues a session and publishes everything again, changed or not. In the current transaction.
     *
     * @param scan publish only this scan again; null for all
     */
    public void republish(SessionRef ref, @Nullable String scan, EventChain chain) {
        add(ref, SyncOrigin.REQUEST, chain, true, scan, Duration.ZERO);
    }

    private void add(
            SessionRef ref,
            SyncOrigin origin,
            EventChain chain,
            boolean republish,
            @Nullable String scan,
            Duration wait) {
        Instant now = clock.instant();
        NativeQuery<?> add = database.createNativeQuery(ADD).unwrap(NativeQuery.class);
        add.setParameter("id", ref.identity())
                .setParameter("server", ref.server())
                .setParameter("accession", ref.accession())
                .setParameter("origin", origin.name())
                .setParameter("correlation", chain.correlation())
                .setParameter("causation", chain.cause(), String.class)
                .setParameter("republish", republish)
                .setParameter("scan", scan, String.class)
                .setParameter("now", now)
                .setParameter("notBefore", now.plus(wait))
                .setParameter("cap", settings.debounceCap().toMillis() / 1000.0)
                .executeUpdate();
    }

    /** Gives back what ended processes had claimed, and renews the claims of this one until {@link #stop}. */
    public void start(WorkerThreads threads) {
        queue.start(threads);
    }

    public void stop() {
        queue.stop();
    }

    /** Claims the next session that is due, for one worker alone. */
    public Optional<Claim<SyncTask>> claim() {
        return queue.claim(
                new Due("r.notBefore <= :now", "r.notBefore", Map.of("now", clock.instant())),
                (hint, owner) -> Optional.of(hint.task(owner)));
    }

    /**
     * Completes a task in the current transaction. A notification received in the meantime stays.
     *
     * @return false when another worker has claimed the session: nothing may be written then
     */
    public boolean finish(SyncTask task) {
        Optional<SessionHint> hint = held(task);
        hint.ifPresent(held -> {
            if (held.isCoveredBy(task)) {
                hints.delete(held);
            } else {
                held.restart(clock.instant());
            }
        });
        return hint.isPresent();
    }

    /** Releases a task whose session could not be read, to be retried later. */
    public void retry(SyncTask task, Duration wait) {
        QuarkusTransaction.requiringNew().run(() -> held(task)
                .ifPresent(hint -> hint.failed(task, clock.instant().plus(wait))));
    }

    private Optional<SessionHint> held(SyncTask task) {
        return queue.held(task.ref().identity(), task.owner());
    }

    /** How often reading a session failed since it was last notified of; empty when it does not wait. In the current transaction. */
    public OptionalInt failedReads(SessionRef ref) {
        return hints.findByIdOptional(ref.identity())
                .map(hint -> OptionalInt.of(hint.attempts()))
                .orElse(OptionalInt.empty());
    }

    /** Sessions that wait or are being read. */
    public long backlog() {
        return QuarkusTransaction.requiringNew().call(hints::count);
    }

    /** Time of the oldest unfinished notification. */
    public Optional<Instant> oldest() {
        return QuarkusTransaction.requiringNew()
                .call(() -> Optional.ofNullable(
                        database.createQuery("select min(firstHint) from SessionHint", Instant.class)
                                .getSingleResult()));
    }
}
