package org.datman.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.datman.contracts.topic.Topics;
import org.datman.embedded.EmbeddedKafka;
import org.datman.embedded.FreePort;
import org.datman.embedded.KafkaTopics;
import org.datman.embedded.LocalPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka and PostgreSQL of the lab in place of the embedded ones. */
class ExternalServersTest {

    @TempDir
    Path folder;

    @Test
    void topicsAreCreatedAndADatabaseThatRefusesIsNotWaitedFor() throws Exception {
        // Given a Kafka without topics, a PostgreSQL, and its password
        Path password = Files.writeString(folder.resolve("password"), "right\n");
        int port = FreePort.any();
        try (EmbeddedKafka broker = EmbeddedKafka.start(folder.resolve("kafka"), FreePort.any());
                LocalPostgres database = LocalPostgres.startDurable(
                        folder.resolve("postgres"), port, password, folder.resolve("log"), Duration.ofMinutes(2))) {
            ExternalKafka kafka = ExternalKafka.of(broker.bootstrapServers());
            ExternalPostgres postgres =
                    ExternalPostgres.of("postgresql://" + LocalPostgres.USER + "@127.0.0.1:" + port + "/postgres");
            Map<String, String> right = Map.of("DATMAN_POSTGRES_PASSWORD_FILE", password.toString());
            Map<String, String> wrong = Map.of("DATMAN_POSTGRES_PASSWORD", "wrong");

            // When
            try (ExternalServers servers = new ExternalServers(kafka, postgres, right);
                    ExternalServers refused = new ExternalServers(kafka, postgres, wrong)) {

                // Then
                assertThat(servers.prepare()).isEmpty();
                assertThat(KafkaTopics.differences(
                                ExternalKafka.client(broker.bootstrapServers(), Map.of(), Duration.ofSeconds(20)),
                                Topics.all(Topics.DEFAULT_PARTITIONS)))
                        .isEmpty();
                assertThatThrownBy(refused::prepare)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("cannot be used by " + LocalPostgres.USER)
                        .hasMessageContaining("a user who may create schemas");
            }
            assertThat(database.answers()).isTrue();
        }
    }

    @Test
    void whatDoesNotAnswerIsWaitedFor() throws Exception {
        // Given nobody on either port
        ExternalPostgres postgres =
                ExternalPostgres.of("postgresql://datman@127.0.0.1:" + FreePort.any() + "/datman?sslmode=disable");

        // When
        try (ExternalServers servers =
                        new ExternalServers(null, postgres, Map.of("DATMAN_POSTGRES_PASSWORD", "secret"));
                ExternalServers nameless =
                        new ExternalServers(ExternalKafka.of("kafka.invalid:9092"), null, Map.of())) {

            // Then
            assertThat(nameless.prepare()).get().asString().startsWith("Kafka at kafka.invalid:9092");
            assertThat(servers.prepare()).get().asString().startsWith("PostgreSQL at jdbc:postgresql://127.0.0.1:");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"db.example.org", "mysql://datman@db/datman", "postgresql://db/datman", "postgresql://datman@db"
            })
    void anAddressOfAnotherFormIsRefusedWithTheRightOne(String address) {
        // Given one of the lab's addresses

        // When, then
        assertThatThrownBy(() -> ExternalPostgres.of(address))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("postgresql://USER@HOST:PORT/DATABASE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://datman:planted@db.example.org/datman",
                "postgresql://datman@db.example.org/datman?sslmode=require&password=planted",
                "postgresql://datman@db.example.org/datman?sslpassword=planted"
            })
    void aPasswordInTheAddressIsRefusedAndNotRepeated(String address) {
        // Given an address that the list of processes would show

        // When, then
        assertThatThrownBy(() -> ExternalPostgres.of(address))
                .hasMessageContaining("DATMAN_POSTGRES_PASSWORD_FILE")
                .message()
                .doesNotContain("planted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "kafka", "kafka:9092,", "http://kafka:9092", "kafka:9092 other:9092"})
    void brokersOfAnotherFormAreRefusedWithTheRightOne(String servers) {
        // Given one of the lab's lists

        // When, then
        assertThatThrownBy(() -> ExternalKafka.of(servers))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("host:port, with commas between several");
    }

    @Test
    void clientsHaveTheSecuritySettingsOfTheServices() {
        // Given
        Map<String, String> environment = Map.of(
                "KAFKA_SECURITY_PROTOCOL",
                "SASL_SSL",
                "KAFKA_SASL_MECHANISM",
                "SCRAM-SHA-512",
                "KAFKA_HOME",
                "/opt/kafka");

        // When
        Map<String, Object> client = ExternalKafka.client("kafka:9092", environment, Duration.ofSeconds(5));

        // Then
        assertThat(client)
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
                .containsEntry("bootstrap.servers", "kafka:9092");
        assertThat(client.keySet()).doesNotContainAnyElementsOf(List.of("home"));
    }
}
