package org.datman.ingest.session;

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
import org.datman.ingest.Lab;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Migrations of tables that hold something already. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(Lab.class)
class MigrationTest {

    private static final String SCHEMA = "ingest_migration_test";

    @Inject
    DataSource database;

    @AfterEach
    void drop() throws Exception {
        run("drop schema if exists " + SCHEMA + " cascade");
    }

    @Test
    void whatWasPublishedLastIsCarriedOver() throws Exception {
        // Given
        to("3");
        run("insert into " + SCHEMA
                + ".session_state (id, server, accession, project, deleted, config_revision, told, outline,"
                + " first_seen, last_change, settle_revision) values ('a/E1', 'a', 'E1', 'P', false, 'c',"
                + " '{\"sessionRevision\": 4, \"label\": \"one\"}', 'o', now(), now(), 2)");
        run("insert into " + SCHEMA
                + ".series_state values ('a/E1/3', 'a/E1', '3', 2, '{\"description\": \"T1\\u0000\"}')");
        run("insert into " + SCHEMA
                + ".resource_state values ('a/E1/resources/7/log.tsv', 'a/E1', 5, '{\"path\": \"log.tsv\"}')");

        // When
        to("4");

        // Then
        assertThat(rows(
                        "topic || ' ' || identity || ' ' || session || ' ' || scan || ' ' || major || ' ' || minor || ' ' || payload",
                        "latest_event"))
                .containsExactly(
                        "resource-discovered a/E1/resources/7/log.tsv a/E1  5 0 {\"path\": \"log.tsv\"}",
                        "series-discovered a/E1/3 a/E1 3 2 0 {\"description\": \"T1\"}",
                        "session-discovered a/E1 a/E1  4 0 {\"label\": \"one\", \"sessionRevision\": 4}");
        assertThat(rows("id || ' ' || settle_revision", "session_state")).containsExactly("a/E1 2");
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

    private void run(String sql) throws Exception {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> rows(String columns, String table) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("select r from (select " + columns + " as r from " + SCHEMA
                        + "." + table + ") found order by r collate \"C\"")) {
            while (found.next()) {
                rows.add(found.getString(1));
            }
        }
        return rows;
    }
}
