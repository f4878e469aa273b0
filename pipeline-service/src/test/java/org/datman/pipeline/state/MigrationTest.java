package org.datman.pipeline.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.platform.testkit.MigratedSchema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Migrations of tables that hold something already. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class MigrationTest {

    @Inject
    DataSource database;

    MigratedSchema schema;

    @BeforeEach
    void begin() {
        schema = new MigratedSchema(database, "pipeline_migration_test");
    }

    @AfterEach
    void end() throws SQLException {
        schema.close();
    }

    @Test
    void storedEventsKeepTheirOrderAndUnreadableOnesStopNothing() throws Exception {
        // Given
        schema.to("1");
        schema.run("insert into pipeline_session (session, server, accession) values ('a/E1', 'a', 'E1')");
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
        schema.to("2");

        // Then
        assertThat(schema.rows(
                        "topic || ' ' || identity || ' ' || session || ' ' || scan || ' ' || major || ' ' || minor",
                        "latest_event"))
                .containsExactly(
                        "qc-complete a/E1/3/stem a/E1 3 2 1772359200500",
                        "qc-reviewed a/E1 a/E1  0 0",
                        "qc-reviewed a/E1/stem a/E1  1772359200000 0",
                        "series-exported a/E1/3 a/E1 3 2 5",
                        "session-checked a/E1 a/E1  3 9",
                        "session-discovered a/E1 a/E1  4 0");
    }

    @Test
    void aJobOfBeforeKeepsItsOwner() throws Exception {
        // Given
        schema.to("2");
        schema.run("insert into pipeline_session (session, server, accession) values ('a/E1', 'a', 'E1')");
        schema.run(
                "insert into job (session, pipeline, run_key, session_name, request_id, headers, request, state, attempt, tries,"
                        + " not_before, owner, lease_until) values ('a/E1', 'dti', 'k', 'n', 'r', '{}', '{}', 'RUNNING', 2, 1,"
                        + " now(), 'host/1/worker', '2026-03-01T10:00:00Z')");

        // When
        schema.to("11");

        // Then
        assertThat(schema.rows("state || attempt || lease_owner || (lease_until = '2026-03-01T10:00:00Z')", "job"))
                .containsExactly("RUNNING2host/1/workertrue");
    }

    @Test
    void decisionsAndSessionsOfBeforeAreKept() throws Exception {
        // Given
        schema.to("11");
        schema.run("insert into pipeline_session (session, server, accession, decided_with)"
                + " values ('a/E1', 'a', 'E1', 'rules')");
        schema.run("insert into said (session, pipeline, what, count) values ('a/E1', 'dti', 'requested', 3)");

        // When
        schema.to("12");

        // Then
        assertThat(schema.rows("session || ' ' || pipeline || ' ' || what || ' ' || count", "published_decision"))
                .containsExactly("a/E1 dti requested 3");
        assertThat(schema.rows("session || ' ' || decided_with || (lease_until is null)", "pipeline_session"))
                .containsExactly("a/E1 rulestrue");
    }

    @Test
    void sessionsOfBeforeAreToBeWrittenToTheirDatasets() throws Exception {
        // Given
        schema.to("12");
        schema.run("insert into pipeline_session (session, server, accession) values ('a/E1', 'a', 'E1')");

        // When
        schema.to("13");

        // Then
        assertThat(schema.rows("session || ' ' || wanted || ' ' || written", "bids_session"))
                .containsExactly("a/E1 1 0");
    }

    @Test
    void sessionsThatWaitedForTheirDatasetsComeAfterChanges() throws Exception {
        // Given
        schema.to("13");
        schema.run(
                "insert into pipeline_session (session, server, accession) values ('a/E1', 'a', 'E1'), ('a/E2', 'a', 'E2')");
        schema.run("insert into bids_session (session, wanted, written) values ('a/E1', 2, 1), ('a/E2', 2, 2)");

        // When
        schema.to("14");

        // Then
        assertThat(schema.rows("session || ' ' || bulk", "bids_session")).containsExactly("a/E1 true", "a/E2 false");
    }

    private void insert(String topic, String identity, String event) throws Exception {
        schema.run("insert into remembered values ('a/E1', '" + topic + "', '" + identity + "', '" + event + "')");
    }
}
