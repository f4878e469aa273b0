package org.datman.platform.testkit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.datman.contracts.topic.Topics;
import org.datman.embedded.EmbeddedKafka;
import org.datman.embedded.FreePort;
import org.datman.embedded.LocalPostgres;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * One real Kafka and one real PostgreSQL for all tests of a module, with all topics created. Embedded, so that no container
 * engine is needed; with {@code -Dinfra=containers} the same tests run on Testcontainers.
 */
public final class KafkaAndPostgres implements QuarkusTestResourceLifecycleManager {

    private static final int PARTITIONS = 3;
    private static Infrastructure shared;

    private record Infrastructure(String bootstrapServers, String jdbcUrl, String user, String password) {}

    /** Kafka's address, once started. */
    public static synchronized String bootstrapServers() {
        return infrastructure().bootstrapServers();
    }

    @Override
    public Map<String, String> start() {
        Infrastructure infrastructure = infrastructure();
        Map<String, String> config = new HashMap<>();
        config.put("kafka.bootstrap.servers", infrastructure.bootstrapServers());
        config.put("quarkus.datasource.jdbc.url", infrastructure.jdbcUrl());
        config.put("quarkus.datasource.username", infrastructure.user());
        config.put("quarkus.datasource.password", infrastructure.password());
        return config;
    }

    @Override
    public void stop() {
        // Shared by all test classes of this JVM; both end with it.
    }

    private static synchronized Infrastructure infrastructure() {
        if (shared == null) {
            // Processes left by an earlier run would answer in place of the service under test.
            delete(Path.of("target", "archive"));
            delete(Path.of("target", "scratch"));
            try {
                shared = "containers".equals(System.getProperty("infra")) ? containers() : embedded();
                EmbeddedKafka.createTopics(shared.bootstrapServers(), Topics.all(PARTITIONS));
            } catch (IOException | SQLException e) {
                throw new IllegalStateException("Kafka and PostgreSQL for the tests did not start", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while Kafka and PostgreSQL started", e);
            }
        }
        return shared;
    }

    @SuppressWarnings("resource") // both end with the JVM
    private static Infrastructure embedded() throws IOException, SQLException {
        Path folder = Files.createTempDirectory("datman-test");
        EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), FreePort.any());
        LocalPostgres postgres = LocalPostgres.start(folder.resolve("postgres"), FreePort.any());
        postgres.createDatabase("datman");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            kafka.close();
            try {
                postgres.close();
            } catch (IOException e) {
                System.err.println("PostgreSQL of the tests did not stop: " + e.getMessage());
            }
            delete(folder);
        }));
        return new Infrastructure(kafka.bootstrapServers(), postgres.jdbcUrl("datman"), LocalPostgres.USER, "");
    }

    @SuppressWarnings("resource") // both end with the JVM
    private static Infrastructure containers() {
        KafkaContainer kafka = new KafkaContainer("apache/kafka-native:4.3.1");
        PostgreSQLContainer postgres = new PostgreSQLContainer("postgres:17");
        kafka.start();
        postgres.start();
        return new Infrastructure(
                kafka.getBootstrapServers(), postgres.getJdbcUrl(), postgres.getUsername(), postgres.getPassword());
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.sorted(java.util.Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            System.err.println(folder + " was left behind: " + e.getMessage());
        }
    }
}
