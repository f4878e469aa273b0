package org.datman.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.datman.contracts.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedTest {

    @TempDir
    Path folder;

    @Test
    void kafkaKeepsItsTopicsOverARestart() throws Exception {
        // Given
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, FreePort.any())) {
            kafka.createTopics(Topics.all(3));
        }

        // When
        try (EmbeddedKafka again = EmbeddedKafka.start(folder, FreePort.any());
                Admin admin = Admin.create(Map.of("bootstrap.servers", again.bootstrapServers()))) {
            Set<String> names = admin.listTopics().names().get();

            // Then
            assertThat(names)
                    .containsAll(Topics.all(3).stream().map(Topics.Topic::name).toList());
        }
    }

    @Test
    void postgresKeepsItsRowsOverARestart() throws Exception {
        // Given
        try (LocalPostgres postgres = LocalPostgres.start(folder, FreePort.any())) {
            postgres.createDatabase("datman");
            try (Connection connection =
                    DriverManager.getConnection(postgres.jdbcUrl("datman"), LocalPostgres.USER, "")) {
                connection.createStatement().execute("create table kept as select 42 as answer");
            }
        }

        // When
        try (LocalPostgres again = LocalPostgres.start(folder, FreePort.any())) {
            again.createDatabase("datman");
            try (Connection connection = DriverManager.getConnection(again.jdbcUrl("datman"), LocalPostgres.USER, "")) {
                ResultSet rows = connection.createStatement().executeQuery("select answer from kept");

                // Then
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt(1)).isEqualTo(42);
            }
        }
    }
}
