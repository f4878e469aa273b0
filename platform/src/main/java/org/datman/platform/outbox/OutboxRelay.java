package org.datman.platform.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ProcessingFailedBuilder;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ScanId;
import org.datman.contracts.topic.OutboxLock;
import org.datman.platform.event.EventPublisher;
import org.datman.platform.event.OutageException;
import org.datman.platform.event.PermanentException;
import org.datman.platform.work.WorkerThreads;
import org.datman.platform.work.Workers;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Sends the events of the outbox and removes them once Kafka has accepted them. Events of one key are sent in the order in which they were
 * stored, one after the other; one replica at a time holds the lock. A send that is repeated after a crash has the same
 * event id.
 *
 * <p>An event that Kafka rejects stays and blocks later events of its key; all other keys continue. It is published as
 * {@code processing-failed}, shown in the health check, and retried from time to time: the limits may have been raised.
 */
@ApplicationScoped
public class OutboxRelay {

    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);
    private static final int BATCH = 200;
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration OFFER_AGAIN_AFTER = Duration.ofMinutes(10);
    private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

    private final Instance<DataSource> dataSource;
    private final EventPublisher publisher;
    private final WorkerThreads threads;
    private final boolean enabled;
    private final Workers worker = new Workers("outbox-relay", 1, IDLE, () -> sendBatch() == BATCH);
    private final Clock clock;
    private final Instant started;
    private volatile int refused;

    OutboxRelay(
            Instance<DataSource> dataSource,
            EventPublisher publisher,
            Clock clock,
            WorkerThreads threads,
            @ConfigProperty(name = "datman.outbox.enabled", defaultValue = "false") boolean enabled) {
        this.dataSource = dataSource;
        this.publisher = publisher;
        this.clock = clock;
        this.started = clock.instant();
        this.threads = threads;
        this.enabled = enabled;
    }

    private record Stored(
            long id, String topic, String key, Map<String, String> headers, byte[] payload, boolean refusedBefore) {}

    void onStart(@Observes StartupEvent event) {
        if (enabled) {
            worker.start(threads);
        }
    }

    void onStop(@Observes ShutdownEvent event) throws InterruptedException {
        worker.stop(PATIENCE);
    }

    boolean enabled() {
        return enabled;
    }

    /**
     * Age of the oldest event that Kafka has not taken yet, by the clock of the database, without those that it rejects and those behind them, which
     * are told apart; zero when none waits.
     *
     * @throws OutageException when the database does not answer
     */
    Duration oldest() {
        try (Connection connection = dataSource.get().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select coalesce(extract(epoch from now() - min(stored)), 0) from outbox_event e
                        where not exists (select 1 from outbox_event r
                            where r.key = e.key and r.id <= e.id and r.refused_at is not null)
                        """)) {
            row.next();
            return Duration.ofMillis(Math.max(0, (long) (row.getDouble(1) * 1000)));
        } catch (SQLException e) {
            throw new OutageException("The outbox cannot be read", e);
        }
    }

    /** Signals that an event was stored. */
    void wake() {
        worker.wake();
    }

    private int sendBatch()
            throws SQLException, ExecutionException, InterruptedException, TimeoutException, JsonProcessingException {
        try (Connection connection = dataSource.get().getConnection()) {
            connection.setAutoCommit(false);
            try {
                List<Stored> batch = lock(connection) ? read(connection) : List.of();
                List<Stored> sent = new ArrayList<>(batch.size());
                Optional<Throwable> outage = Optional.empty();
                Deque<List<Stored>> rounds = rounds(batch);
                Set<String> held = new HashSet<>();
                while (!rounds.isEmpty() && outage.isEmpty()) {
                    List<Stored> round = rounds.poll().stream()
                            .filter(stored -> !held.contains(stored.key()))
                            .toList();
                    outage = send(connection, round, sent, held);
                }
                delete(connection, sent);
                refused = count(connection);
                connection.commit();
                if (outage.isPresent()) {
                    throw new ExecutionException(outage.get());
                }
                return sent.size();
            } catch (SQLException | TimeoutException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    /** The first event of each key, the second of each, and so on: each waits for the one before it. */
    private static Deque<List<Stored>> rounds(List<Stored> batch) {
        List<List<Stored>> rounds = new ArrayList<>();
        Map<String, Integer> next = new HashMap<>();
        for (Stored stored : batch) {
            int round = next.merge(stored.key(), 1, Integer::sum) - 1;
            if (round == rounds.size()) {
                rounds.add(new ArrayList<>());
            }
            rounds.get(round).add(stored);
        }
        return new ArrayDeque<>(rounds);
    }

    /** Sends events of different keys; returns why Kafka is unavailable, if it is. */
    private Optional<Throwable> send(Connection connection, List<Stored> round, List<Stored> sent, Set<String> held)
            throws SQLException, InterruptedException, TimeoutException {
        Optional<Throwable> outage = Optional.empty();
        Map<Stored, CompletableFuture<Void>> sends = new LinkedHashMap<>();
        for (Stored stored : round) {
            sends.put(
                    stored,
                    publisher
                            .send(stored.topic(), stored.key(), stored.headers(), stored.payload())
                            .toCompletableFuture());
        }
        for (Map.Entry<Stored, CompletableFuture<Void>> send : sends.entrySet()) {
            Stored stored = send.getKey();
            try {
                send.getValue().get(60, TimeUnit.SECONDS);
                sent.add(stored);
            } catch (ExecutionException e) {
                held.add(stored.key());
                if (EventPublisher.isRefused(e)) {
                    refuse(connection, stored, e);
                } else {
                    outage = Optional.of(Objects.requireNonNullElse(e.getCause(), e));
                }
            }
        }
        return outage;
    }

    private void refuse(Connection connection, Stored stored, Throwable e) throws SQLException {
        Reason reason = EventPublisher.refusal(
                "Event " + stored.headers().get("ce_id") + " for " + stored.topic() + " with " + stored.payload().length
                        + " bytes",
                e);
        LOG.errorf(
                "Outbox skips a rejected event topic=%s key=%s reason=%s",
                stored.topic(), stored.key(), reason.message());
        if (!stored.refusedBefore()) {
            publishFailure(stored, reason);
        }
        try (PreparedStatement update =
                connection.prepareStatement("update outbox_event set refused_at = ?, refusal = ? where id = ?")) {
            update.setTimestamp(1, Timestamp.from(clock.instant()));
            update.setString(2, reason.message());
            update.setLong(3, stored.id());
            update.executeUpdate();
        }
    }

    private void publishFailure(Stored stored, Reason reason) {
        ProcessingFailed failed = failure(
                stored,
                new Reason(
                        reason.code(),
                        reason.message() + ". It stays in the outbox, and later events of '" + stored.key()
                                + "' wait behind it",
                        reason.action() + "; it is then sent by itself, at the latest after "
                                + OFFER_AGAIN_AFTER.toMinutes() + " minutes"));
        try {
            publisher.publish(publisher.first(failed));
        } catch (PermanentException refusedToo) {
            // All other keys continue, and the health check reports it.
            LOG.errorf(
                    "Kafka rejects the failure report too topic=%s key=%s error=%s",
                    stored.topic(), stored.key(), refusedToo.getMessage());
        }
    }

    private ProcessingFailed failure(Stored stored, Reason reason) {
        Optional<Event> event = event(stored);
        return ProcessingFailedBuilder.builder()
                .service(publisher.service())
                .stage("outbox")
                .kind(ProcessingFailed.Kind.PERMANENT)
                .attempts(1)
                .reason(reason)
                .time(clock.instant())
                .session(event.flatMap(Event::sessionRef))
                .scan(event.flatMap(Event::scanId).map(ScanId::text))
                .cause(Optional.ofNullable(stored.headers().get("ce_id")))
                .build();
    }

    private static Optional<Event> event(Stored stored) {
        try {
            return Optional.of(
                    EventJson.read(stored.headers(), stored.payload()).event());
        } catch (EventFormatException e) {
            LOG.warnf("An event in the outbox cannot be read error=%s", e.getMessage());
            return Optional.empty();
        }
    }

    /** How many events Kafka rejects, as of the last run. */
    int refused() {
        return refused;
    }

    private static int count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("select count(*) from outbox_event where refused_at is not null")) {
            return rows.next() ? rows.getInt(1) : 0;
        }
    }

    private static boolean lock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select pg_try_advisory_xact_lock" + OutboxLock.number("current_schema()"))) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    /** The events to be sent next: without those rejected recently, and without later events of their keys. */
    private List<Stored> read(Connection connection) throws SQLException, JsonProcessingException {
        Instant offeredAgain = clock.instant().minus(OFFER_AGAIN_AFTER);
        try (PreparedStatement select = connection.prepareStatement("""
                select id, topic, key, headers, payload, refused_at is not null from outbox_event e
                where not exists (select 1 from outbox_event r
                    where r.key = e.key and r.id <= e.id and r.refused_at > ?)
                order by id limit\s""" + BATCH)) {
            select.setTimestamp(1, Timestamp.from(offeredAgain.isBefore(started) ? started : offeredAgain));
            try (ResultSet rows = select.executeQuery()) {
                List<Stored> batch = new ArrayList<>();
                while (rows.next()) {
                    batch.add(new Stored(
                            rows.getLong(1),
                            rows.getString(2),
                            rows.getString(3),
                            EventJson.mapper().readValue(rows.getString(4), HEADERS),
                            rows.getBytes(5),
                            rows.getBoolean(6)));
                }
                return batch;
            }
        }
    }

    private static void delete(Connection connection, List<Stored> batch) throws SQLException {
        if (batch.isEmpty()) {
            return;
        }
        Long[] ids = batch.stream().map(Stored::id).toArray(Long[]::new);
        try (PreparedStatement delete = connection.prepareStatement("delete from outbox_event where id = any (?)")) {
            delete.setArray(1, connection.createArrayOf("bigint", ids));
            delete.executeUpdate();
        }
    }
}
