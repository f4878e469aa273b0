package org.datman.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.datman.contracts.event.EventType;
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
    void aServiceOfThisVersionReadsOnWhereThatOfTheVersionBeforeStopped() throws Exception {
        // Given
        String former = Topics.formerConsumerGroup("qc");
        TopicPartition partition = new TopicPartition(EventType.SERIES_EXPORTED.topic(), 1);
        TopicPartition other = new TopicPartition(EventType.SESSION_CHECKED.topic(), 0);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, FreePort.any());
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            kafka.createTopics(Topics.all(3));
            admin.alterConsumerGroupOffsets(
                            former, Map.of(partition, new OffsetAndMetadata(42), other, new OffsetAndMetadata(7)))
                    .all()
                    .get();

            // When
            kafka.createTopics(Topics.all(3));
            Map<String, Map<TopicPartition, OffsetAndMetadata>> offsets = ConsumerGroups.offsets(
                    admin,
                    Stream.of(
                            former,
                            Topics.consumerGroup("qc", EventType.SERIES_EXPORTED),
                            Topics.consumerGroup("export", EventType.SERIES_TAGGED)));

            // Then
            assertThat(offsets.get(Topics.consumerGroup("qc", EventType.SERIES_EXPORTED)))
                    .isEqualTo(Map.of(partition, new OffsetAndMetadata(42)));
            assertThat(offsets.getOrDefault(former, Map.of())).isEmpty();
            assertThat(offsets.getOrDefault(Topics.consumerGroup("export", EventType.SERIES_TAGGED), Map.of()))
                    .isEmpty();
        }
    }

    @Test
    void aServiceOwnsWhatIsInItsSchemaAlsoOfBeforeAndSeesNoOther() throws Exception {
        // Given
        List<ServiceRole> roles = List.of(
                new ServiceRole("dashboard", "one_Pass-word", List.of("dashboard", "dashboard_granted")),
                new ServiceRole("qc", "another", List.of("qc")));
        try (LocalPostgres postgres = LocalPostgres.start(folder, FreePort.any())) {
            postgres.createDatabase("datman");
            execute(postgres, LocalPostgres.USER, """
                    create schema dashboard;
                    create table dashboard.kept (id bigint generated always as identity primary key, answer integer, old serial);
                    insert into dashboard.kept (answer) values (42);
                    create view dashboard.seen as select * from dashboard.kept;
                    create function dashboard.one() returns int language sql as 'select 1';
                    """);

            // When
            postgres.prepareRoles("datman", roles);
            postgres.prepareRoles("datman", roles);

            // Then
            execute(postgres, "dashboard", """
                    alter table dashboard.kept add column more text;
                    insert into dashboard.kept (answer) values (43);
                    create or replace function dashboard.one() returns int language sql as 'select 2';
                    drop view dashboard.seen;
                    create view dashboard_granted.kept as select * from dashboard.kept;
                    """);
            for (String statement : List.of(
                    "select * from dashboard.kept",
                    "select * from dashboard_granted.kept",
                    "create table dashboard.mine (id int)",
                    "create schema mine",
                    "create table public.mine (id int)",
                    "set role dashboard",
                    "alter role qc superuser",
                    "select * from pg_authid")) {
                assertThatThrownBy(() -> execute(postgres, "qc", statement))
                        .as(statement)
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("permission denied");
            }
        }
    }

    private static void execute(LocalPostgres postgres, String user, String statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl("datman"), user, "")) {
            connection.createStatement().execute(statements);
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
