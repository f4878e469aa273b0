package org.datman.ingest.published;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.datman.ingest.Lab;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.platform.testkit.MigratedSchema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Migrations of tables that hold something already. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(Lab.class)
class MigrationTest {

    @Inject
    DataSource database;

    MigratedSchema schema;

    @BeforeEach
    void begin() {
        schema = new MigratedSchema(database, "ingest_migration_test");
    }

    @AfterEach
    void end() throws SQLException {
        schema.close();
    }

    @Test
    void whatWasPublishedLastIsCarriedOver() throws Exception {
        // Given
        schema.to("3");
        schema.run("insert into session_state (id, server, accession, project, deleted, config_revision, told, outline,"
                + " first_seen, last_change, settle_revision) values ('a/E1', 'a', 'E1', 'P', false, 'c',"
                + " '{\"sessionRevision\": 4, \"label\": \"one\"}', 'o', now(), now(), 2)");
        schema.run("insert into series_state values ('a/E1/3', 'a/E1', '3', 2, '{\"description\": \"T1\\u0000\"}')");
        schema.run(
                "insert into resource_state values ('a/E1/resources/7/log.tsv', 'a/E1', 5, '{\"path\": \"log.tsv\"}')");

        // When
        schema.to("4");

        // Then
        assertThat(schema.rows(
                        "topic || ' ' || identity || ' ' || session || ' ' || scan || ' ' || major || ' ' || minor || ' ' || payload",
                        "latest_event"))
                .containsExactly(
                        "resource-discovered a/E1/resources/7/log.tsv a/E1  5 0 {\"path\": \"log.tsv\"}",
                        "series-discovered a/E1/3 a/E1 3 2 0 {\"description\": \"T1\"}",
                        "session-discovered a/E1 a/E1  4 0 {\"label\": \"one\", \"sessionRevision\": 4}");
        assertThat(schema.rows("id || ' ' || settle_revision", "session_state")).containsExactly("a/E1 2");
    }
}
