package org.datman.ingest.queue;

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

/** What a database of an older version held is there after the migration. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(Lab.class)
class MigrationTest {

    @Inject
    DataSource database;

    MigratedSchema schema;

    @BeforeEach
    void begin() {
        schema = new MigratedSchema(database, "ingest_lease_migration_test");
    }

    @AfterEach
    void end() throws SQLException {
        schema.close();
    }

    @Test
    void whatWaitedStillWaitsAndBelongsToNobody() throws Exception {
        // Given a session and a project that a worker had claimed
        schema.to("3");
        schema.run("insert into session_hint (id, server, accession, origin, correlation, say_again, first_hint,"
                + " not_before, generation, attempts, lease, lease_until) values ('x/E1', 'x', 'E1', 'WEBHOOK', 'c', true,"
                + " now(), '2026-01-02T03:04:05Z', 7, 2, gen_random_uuid(), now() + interval '10 min')");
        schema.run(
                "insert into project_sweep (project, next_at, lease_until) values ('P', '2026-01-02T03:04:05Z', now() + interval '10 min')");

        // When
        schema.to("10");

        // Then
        assertThat(schema.rows(
                        "id || generation || attempts || say_again || (not_before = '2026-01-02T03:04:05Z')"
                                + " || (lease_owner is null and lease_until is null)",
                        "session_hint"))
                .containsExactly("x/E172truetruetrue");
        assertThat(schema.rows(
                        "project || (next_at = '2026-01-02T03:04:05Z')"
                                + " || (lease_owner is null and lease_until is null)",
                        "project_sweep"))
                .containsExactly("Ptruetrue");
    }

    @Test
    void whatIsRequestedAgainAndWhatWasPublishedIsKnownUnderPlainNames() throws Exception {
        // Given a session that a person wants published again, and the revisions of the study files that were published
        schema.to("10");
        schema.run(
                "insert into session_hint (id, server, accession, origin, correlation, say_again, first_hint,"
                        + " not_before, generation, attempts) values ('x/E1', 'x', 'E1', 'REQUEST', 'c', true, now(), now(), 1, 0)");
        schema.run("insert into remembered values ('told-configuration', 'r1'), ('told-configuration-state', 's1'),"
                + " ('last-full-sweep', '2026-01-02')");

        // When
        schema.to("11");

        // Then
        assertThat(schema.rows("id || republish", "session_hint")).containsExactly("x/E1true");
        assertThat(schema.rows("name || ' ' || value", "setting"))
                .containsExactlyInAnyOrder(
                        "published-configuration r1", "published-configuration-state s1", "last-full-sweep 2026-01-02");
    }
}
