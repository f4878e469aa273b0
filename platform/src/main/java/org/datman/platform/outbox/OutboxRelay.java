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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.datman.contracts.event.EventJson;
import org.datman.platform.event.EventPublisher;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Sends what lies in the outbox, in the order in which it was stored, and removes it when Kafka has it. One replica at a
 * time holds the lock, so that order is kept; a send that is repeated after a crash carries the same event id.
 */
@ApplicationScoped
public class OutboxRelay {

    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);
    private static final int BATCH = 200;
    private static final long LOCK = 0x0DA7_3A11L;
    private static final long IDLE_MILLIS = 500;
    private static final long OUTAGE_MILLIS = 2_000;
    private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

    private final Instance<DataSource> dataSource;
    private final EventPublisher publisher;
    private final boolean enabled;
    private final Semaphore work = new Semaphore(0);
    private volatile boolean stopping;
    private Thread thread;

    OutboxRelay(
            Instance<DataSource> dataSource,
            EventPublisher publisher,
            @ConfigProperty(name = "datman.outbox.enabled", defaultValue = "false") boolean enabled) {
        this.dataSource = dataSource;
        this.publisher = publisher;
        this.enabled = enabled;
    }

    private record Stored(long id, String topic, String key, Map<String, String> headers, byte[] payload) {}

    void onStart(@Observes StartupEvent event) {
        if (enabled) {
            thread = new Thread(this::run, "outbox-relay");
            thread.start();
        }
    }

    void onStop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        wake();
        if (thread != null) {
            thread.join(5_000);
        }
    }

    /** Says that something was stored. */
    void wake() {
        if (work.availablePermits() == 0) {
            work.release();
        }
    }

    private void run() {
        while (!stopping) {
            long pause = IDLE_MILLIS;
            try {
                if (sendBatch() == BATCH) {
                    continue;
                }
            } catch (SQLException
                    | ExecutionException
                    | TimeoutException
                    | JsonProcessingException
                    | RuntimeException e) {
                LOG.warnf("Outbox waits: %s", e.getMessage());
                pause = OUTAGE_MILLIS;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            try {
                if (work.tryAcquire(pause, TimeUnit.MILLISECONDS)) {
                    work.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private int sendBatch()
            throws SQLException, ExecutionException, InterruptedException, TimeoutException, JsonProcessingException {
        try (Connection connection = dataSource.get().getConnection()) {
            connection.setAutoCommit(false);
            try {
                List<Stored> batch = lock(connection) ? read(connection) : List.of();
                List<CompletableFuture<Void>> sends = new ArrayList<>(batch.size());
                for (Stored stored : batch) {
                    sends.add(publisher
                            .send(stored.topic(), stored.key(), stored.headers(), stored.payload())
                            .toCompletableFuture());
                }
                CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
                delete(connection, batch);
                connection.commit();
                return batch.size();
            } catch (SQLException | ExecutionException | TimeoutException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    private static boolean lock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select pg_try_advisory_xact_lock(" + LOCK + " # hashtext(current_schema()))")) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    private static List<Stored> read(Connection connection) throws SQLException, JsonProcessingException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select id, topic, key, headers, payload from outbox_event order by id limit " + BATCH)) {
            List<Stored> batch = new ArrayList<>();
            while (rows.next()) {
                batch.add(new Stored(
                        rows.getLong(1),
                        rows.getString(2),
                        rows.getString(3),
                        EventJson.mapper().readValue(rows.getString(4), HEADERS),
                        rows.getBytes(5)));
            }
            return batch;
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
