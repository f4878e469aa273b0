package org.datman.pipeline.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Migrations of tables that hold something already. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class MigrationTest {

    private static final String SCHEMA = "pipeline_migration_test";

    @Inject
    DataSource database;

    @AfterEach
    void drop() throws Exception {
        run("drop schema if exists " + SCHEMA + " cascade");
    }

    @Test
    void storedEventsKeepTheirOrderAndUnreadableOnesStopNothing() throws Exception {
        // Given
        to("1");
        run("insert into " + SCHEMA + ".pipeline_session (session, server, accession) values ('a/E1', 'a', 'E1')");
        insert("session-discovered", "a/E1", "{\"sessionRevision\": 4}");
        insert("series-exported", "a/E1/3", "{\"scan\": \"3\", \"seriesRevision\": 2, \"exportRevision\": 5}");
        insert(
                "qc-complete",
                "a/E1/3/stem",
                "{\"scan\": \"3\", \"seriesRevision\": 2, \"finished\": \"2026-03-01T10:00:00.5Z\"}");
        insert("session-checked", "a/E1", "{\"settleRevision\": 3, \"checkRevision\": 9}");
        insert("qc-reviewed", "a/E1/stem", "{\"time\": \"2026-03-01T10:00:00Z\"}");
        insert("qc-reviewed", "a/E1", "no json");

        // When
        to("2");

        // Then
        assertThat(rows())
                .containsExactly(
                        "qc-complete a/E1/3/stem a/E1 3 2 1772359200500",
                        "qc-reviewed a/E1 a/E1  0 0",
                        "qc-reviewed a/E1/stem a/E1  1772359200000 0",
                        "series-exported a/E1/3 a/E1 3 2 5",
                        "session-checked a/E1 a/E1  3 9",
                        "session-discovered a/E1 a/E1  4 0");
    }

    private void to(String version) {
        Flyway.configure()
                .dataSource(database)
                .schemas(SCHEMA)
                .createSchemas(true)
                .outOfOrder(true)
                .locations("db/migration", "db/latest")
                .target(version)
                .load()
                .migrate();
    }

    private void insert(String topic, String identity, String event) throws Exception {
        run("insert into " + SCHEMA + ".remembered values ('a/E1', '" + topic + "', '" + identity + "', '" + event
                + "')");
    }

    private void run(String sql) throws Exception {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> rows() throws Exception {
        List<String> rows = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(
                        "select r from (select topic || ' ' || identity || ' ' || session || ' ' || scan"
                                + " || ' ' || major || ' ' || minor as r from " + SCHEMA
                                + ".latest_event) found order by r collate \"C\"")) {
            while (found.next()) {
                rows.add(found.getString(1));
            }
        }
        return rows;
    }
}
