package org.datman.qc.state;

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
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Migrations of tables that hold something already. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class MigrationTest {

    private static final String SCHEMA = "qc_migration_test";

    @Inject
    DataSource database;

    @AfterEach
    void drop() throws Exception {
        run("drop schema if exists " + SCHEMA + " cascade");
    }

    @Test
    void resultsOfBeforeSayOfWhatTheyAreAndUnreadableOnesStopNothing() throws Exception {
        // Given
        to("5");
        insert("whole", "{\"study\": \"SPN\", \"site\": \"CMH\", \"tag\": \"T1\", \"date\": \"2026-03-01\"}");
        insert("noDay", "{\"study\": \"SPN\", \"site\": \"CMH\", \"tag\": \"T1\"}");
        insert("wrongDay", "{\"study\": \"SPN\", \"site\": \"CMH\", \"tag\": \"T1\", \"date\": \"the first\"}");
        insert("noJson", "no json");

        // When
        to("6");

        // Then
        assertThat(rows())
                .containsExactly(
                        "noDay SPN CMH T1 null",
                        "noJson null null null null",
                        "whole SPN CMH T1 2026-03-01",
                        "wrongDay SPN CMH T1 null");
    }

    private void to(String version) {
        FluentConfiguration flyway = Flyway.configure()
                .dataSource(database)
                .schemas(SCHEMA)
                .createSchemas(true)
                .locations("db/migration")
                .target(version);
        flyway.load().migrate();
    }

    private void insert(String stem, String event) throws Exception {
        run("insert into " + SCHEMA + ".qc_result (accession, scan, stem, run_key, event) values ('E1', '3', '" + stem
                + "', 'key', '" + event + "')");
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
                        "select stem, study, site, tag, day from " + SCHEMA + ".qc_result order by stem")) {
            while (found.next()) {
                rows.add(found.getString(1) + " " + found.getString(2) + " " + found.getString(3) + " "
                        + found.getString(4) + " " + found.getString(5));
            }
        }
        return rows;
    }
}
