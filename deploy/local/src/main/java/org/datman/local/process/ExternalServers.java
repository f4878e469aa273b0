package org.datman.local.process;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.datman.contracts.topic.Topics;
import org.datman.embedded.KafkaTopics;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kafka and PostgreSQL of the lab, where they are used in place of the embedded ones: waited for at the start, and watched. */
final class ExternalServers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExternalServers.class);

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** What Kafka's client says when it can look up none of the names; it has no type of its own. */
    private static final String NO_NAMES = "No resolvable bootstrap urls";

    private static final Duration LOOK_EVERY = Duration.ofSeconds(15);

    /** First letters of the SQL states of a server that is away or starts: connection exceptions, operator intervention, too many connections. */
    private static final List<String> AWAY = List.of("08", "57", "53");

    private final @Nullable ExternalKafka kafka;
    private final @Nullable ExternalPostgres postgres;
    private final Map<String, String> environment;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "external-servers");
        thread.setDaemon(true);
        return thread;
    });
    private volatile String away = "";

    ExternalServers(
            @Nullable ExternalKafka kafka, @Nullable ExternalPostgres postgres, Map<String, String> environment) {
        this.kafka = kafka;
        this.postgres = postgres;
        this.environment = Map.copyOf(environment);
    }

    /**
     * Tries once whether both can be used; topics that are missing are created.
     *
     * @return what does not answer now; empty when all is there
     * @throws IOException when one of them can never be used like this, with what to do
     */
    Optional<String> prepare() throws IOException, InterruptedException {
        Optional<String> database = postgres == null ? Optional.empty() : preparePostgres(postgres);
        return database.isPresent() || kafka == null ? database : prepareKafka(kafka);
    }

    /** Looks from time to time whether they answer. */
    void watch() {
        worker.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What did not answer when it was looked at last; empty text when all did. */
    String away() {
        return away;
    }

    private Optional<String> preparePostgres(ExternalPostgres server) throws IOException {
        try (Connection connection = server.connect(ExternalPostgres.password(environment))) {
            DatabaseMetaData about = connection.getMetaData();
            if (about.getDatabaseMajorVersion() < ExternalPostgres.OLDEST) {
                throw new IOException(
                        "The PostgreSQL at " + server.jdbcUrl() + " is version " + about.getDatabaseProductVersion()
                                + "; DATMAN needs " + ExternalPostgres.OLDEST + " or later");
            }
            return Optional.empty();
        } catch (SQLException e) {
            String state = e.getSQLState() == null ? "" : e.getSQLState();
            if (AWAY.stream().anyMatch(state::startsWith)) {
                return Optional.of("PostgreSQL at " + server.jdbcUrl() + " (" + e.getMessage() + ")");
            }
            throw new IOException(
                    "The PostgreSQL at " + server.jdbcUrl() + " cannot be used by " + server.user() + ": "
                            + e.getMessage() + ". It needs the database, and a user who may create schemas in it",
                    e);
        }
    }

    private Optional<String> prepareKafka(ExternalKafka cluster) throws IOException, InterruptedException {
        try {
            List<String> created = KafkaTopics.create(
                    ExternalKafka.client(cluster.bootstrapServers(), environment, PATIENCE),
                    Topics.all(Topics.DEFAULT_PARTITIONS),
                    KafkaTopics.DEFAULT_REPLICAS);
            if (!created.isEmpty()) {
                LOG.warn("Topics were created kafka={} topics={}", cluster.bootstrapServers(), created.size());
            }
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RetriableException) {
                return Optional.of("Kafka at " + cluster.bootstrapServers() + " (" + words(e.getCause()) + ")");
            }
            throw new IOException(
                    "The Kafka at " + cluster.bootstrapServers() + " refuses: " + words(e.getCause())
                            + ". Give the user the right to list and create topics, or create them yourself:"
                            + " './datman topics --print' lists them",
                    e);
        } catch (KafkaException e) {
            if (words(e).startsWith(NO_NAMES)) {
                // After a power cut the servers of names come back, too.
                return Optional.of("Kafka at " + cluster.bootstrapServers() + " (" + words(e) + ")");
            }
            throw new IOException(
                    "The Kafka at " + cluster.bootstrapServers() + " cannot be asked: " + words(e)
                            + ". Set --kafka right, and KAFKA_SECURITY_PROTOCOL, KAFKA_SASL_… and KAFKA_SSL_… as its"
                            + " clients need them",
                    e);
        }
    }

    private static String words(@Nullable Throwable why) {
        Throwable cause = why;
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause == null ? "unknown" : String.valueOf(cause.getMessage());
    }

    private void look() {
        try {
            String now = "";
            if (postgres != null && !answers(postgres)) {
                now = "PostgreSQL";
            }
            if (kafka != null && !answers(kafka)) {
                now = now.isEmpty() ? "Kafka" : now + " and Kafka";
            }
            away = now;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // It would end the looking for good.
            LOG.error("Kafka and PostgreSQL of the lab could not be looked at", e);
        }
    }

    private boolean answers(ExternalPostgres server) {
        try (Connection connection = server.connect(ExternalPostgres.password(environment))) {
            return connection.isValid((int) PATIENCE.toSeconds());
        } catch (SQLException | IOException e) {
            LOG.warn("PostgreSQL does not answer error={}", e.getMessage());
            return false;
        }
    }

    private boolean answers(ExternalKafka cluster) throws InterruptedException {
        try (Admin admin = Admin.create(ExternalKafka.client(cluster.bootstrapServers(), environment, PATIENCE))) {
            return !admin.describeCluster().nodes().get().isEmpty();
        } catch (ExecutionException | KafkaException e) {
            LOG.warn("Kafka does not answer error={}", words(e));
            return false;
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
