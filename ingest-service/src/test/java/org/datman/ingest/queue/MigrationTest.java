package org.datman.ingest.queue;

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

/** What a database of an older version held is there after the migration. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(Lab.class)
class MigrationTest {

    private static final String SCHEMA = "ingest_lease_migration_test";

    @Inject
    DataSource database;

    @AfterEach
    void drop() throws Exception {
        run("drop schema if exists " + SCHEMA + " cascade");
    }

    @Test
    void whatWaitedStillWaitsAndBelongsToNobody() throws Exception {
        // Given a session and a project that a worker had claimed
        to("3");
        run("insert into " + SCHEMA
                + ".session_hint (id, server, accession, origin, correlation, say_again, first_hint,"
                + " not_before, generation, attempts, lease, lease_until) values ('x/E1', 'x', 'E1', 'WEBHOOK', 'c', true,"
                + " now(), '2026-01-02T03:04:05Z', 7, 2, gen_random_uuid(), now() + interval '10 min')");
        run(
                "insert into " + SCHEMA
                        + ".project_sweep (project, next_at, lease_until) values ('P', '2026-01-02T03:04:05Z', now() + interval '10 min')");

        // When
        to("10");

        // Then
        assertThat(rows("select id || generation || attempts || say_again || (not_before = '2026-01-02T03:04:05Z')"
                        + " || (lease_owner is null and lease_until is null) from " + SCHEMA + ".session_hint"))
                .containsExactly("x/E172truetruetrue");
        assertThat(rows("select project || (next_at = '2026-01-02T03:04:05Z')"
                        + " || (lease_owner is null and lease_until is null) from " + SCHEMA + ".project_sweep"))
                .containsExactly("Ptruetrue");
    }

    private void to(String version) {
        Flyway.configure()
                .dataSource(database)
                .schemas(SCHEMA)
                .createSchemas(true)
                .locations("db/outbox", "db/latest", "db/migration")
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

    private List<String> rows(String sql) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            while (found.next()) {
                rows.add(found.getString(1));
            }
        }
        return rows;
    }
}
