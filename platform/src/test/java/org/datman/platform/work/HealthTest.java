package org.datman.platform.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.junit.jupiter.api.Test;

/** The health responses of a service to {@code ./datman status}, the supervisor and Kubernetes. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@TestProfile(HealthTest.OfItsOwn.class)
class HealthTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A separate application: threads that end here stay ended. */
    public static final class OfItsOwn implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("mp.messaging.incoming.stops.group.id", "stops-in-health-test");
        }
    }

    /** A channel that is ended by the first record. */
    @ApplicationScoped
    static class Stops {
        @Incoming("stops")
        @Blocking
        void hear(byte[] record) {
            throw new IllegalStateException("it stops here");
        }
    }

    @Inject
    WorkerThreads threads;

    @ConfigProperty(name = "quarkus.datasource.jdbc.url")
    String jdbcUrl;

    @ConfigProperty(name = "quarkus.datasource.username")
    String user;

    @ConfigProperty(name = "quarkus.datasource.password")
    Optional<String> password;

    @TestHTTPResource(value = "/health", management = true)
    URI health;

    @Test
    void aWorkerThreadThatEndedMakesTheServiceNotAliveAndIsNamedWithWhy() throws Exception {
        // Given
        assertThat(check("worker threads").path("status").asText()).isEqualTo("UP");

        // When
        Thread worker = threads.start("test-worker-1", () -> {
            throw new OutOfMemoryError("Java heap space");
        });

        // Then
        worker.join(PATIENCE.toMillis());
        JsonNode down = check("worker threads");
        assertThat(down.path("status").asText()).isEqualTo("DOWN");
        assertThat(down.path("data").path("ended").asText())
                .isEqualTo("test-worker-1: java.lang.OutOfMemoryError: Java heap space");
        assertThat(ask("/live").statusCode()).isEqualTo(503);
        assertThat(ask("/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void aChannelThatStoppedIsNamed() throws Exception {
        // Given
        await().atMost(PATIENCE).until(() -> check("SmallRye Reactive Messaging - liveness check")
                .path("data")
                .path("stops")
                .asText()
                .equals("[OK]"));

        // When
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", KafkaAndPostgres.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("qc-alarm", "key", new byte[] {1}))
                    .get();
        }

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode down = check("SmallRye Reactive Messaging - liveness check");
            assertThat(down.path("status").asText()).isEqualTo("DOWN");
            assertThat(down.path("data").path("stops").asText())
                    .startsWith("[KO]")
                    .contains("it stops here");
        });
    }

    @Test
    void kafkaTheDatabaseAndTheArchiveAreAmongTheChecks() throws Exception {
        // When
        JsonNode kafka = check("Kafka");
        JsonNode database = check("Database connections health check");
        JsonNode archive = check("archive");
        JsonNode reported = check("failures published");

        // Then
        assertThat(kafka.path("status").asText()).isEqualTo("UP");
        assertThat(kafka.path("data").path("nodes").asInt()).isEqualTo(1);
        assertThat(database.path("status").asText()).isEqualTo("UP");
        assertThat(archive.path("status").asText()).isEqualTo("UP");
        assertThat(reported.path("status").asText()).isEqualTo("UP");
    }

    @Test
    void aDatabaseThatIsAwayIsDownUntilItIsBack() throws Exception {
        // Given
        String database = "Database connections health check";
        assertThat(check(database).path("status").asText()).isEqualTo("UP");

        try (Connection server = DriverManager.getConnection(
                        jdbcUrl.replace("/datman", "/postgres"), user, password.orElse(""));
                Statement admin = server.createStatement()) {
            // When
            admin.execute("alter database datman allow_connections false");
            admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'datman'");

            // Then
            try {
                await().atMost(PATIENCE).untilAsserted(() -> {
                    assertThat(check(database).path("status").asText()).isEqualTo("DOWN");
                    assertThat(ask("/ready").statusCode()).isEqualTo(503);
                });
            } finally {
                admin.execute("alter database datman allow_connections true");
            }
        }
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(check(database).path("status").asText()).isEqualTo("UP"));
    }

    @Test
    void theLogWritesTheSameOnlyOnceInAWhile() {
        // Given
        LogRecord line = new LogRecord(Level.WARNING, "Said twice by " + HealthTest.class);
        line.setLoggerName(HealthTest.class.getName());

        // When
        List<List<Boolean>> written = Arrays.stream(InitialConfigurator.DELAYED_HANDLER.getHandlers())
                .map(Handler::getFilter)
                .filter(Objects::nonNull)
                .map(filter -> List.of(filter.isLoggable(line), filter.isLoggable(line)))
                .toList();

        // Then
        assertThat(written).contains(List.of(true, false));
    }

    private JsonNode check(String name) throws IOException, InterruptedException {
        for (JsonNode check : new ObjectMapper().readTree(ask("").body()).path("checks")) {
            if (check.path("name").asText().equals(name)) {
                return check;
            }
        }
        throw new AssertionError("There is no check '" + name + "' in " + ask("").body());
    }

    private HttpResponse<String> ask(String part) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(health + part)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
