package org.datman.qc.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.SessionRef;
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
    void resultsOfBeforeStateOfWhatTheyAreAndUnreadableOnesStopNothing() throws Exception {
        // Given
        to("5");
        insert("whole", "{\"study\": \"SPN\", \"site\": \"CMH\", \"tag\": \"T1\", \"date\": \"2026-03-01\"}");
        insert("noDay", "{\"study\": \"SPN\", \"site\": \"CMH\", \"tag\": \"T1\"}");
        insert("wrongDay", "{\"study\": \"SPN\", \"site\": \"CMH\", \"tag\": \"T1\", \"date\": \"the first\"}");
        insert("noJson", "no json");

        // When
        to("6");

        // Then
        assertThat(rows(
                        "concat_ws(' ', stem, coalesce(study, 'null'), coalesce(site, 'null'), coalesce(tag, 'null'), coalesce(day::text, 'null'))",
                        "qc_result"))
                .containsExactly(
                        "noDay SPN CMH T1 null",
                        "noJson null null null null",
                        "whole SPN CMH T1 2026-03-01",
                        "wrongDay SPN CMH T1 null");
    }

    @Test
    void whatWasKeptByAccessionIdIsKeptByServerToo() throws Exception {
        // Given what qc kept before there were two servers; of E2 only what does not name a server
        to("6");
        run("insert into " + SCHEMA
                + ".qc_session (accession, discovered, settled, check_revision, last_check) values ('E1', '"
                + "{\"session\": {\"server\": \"main\", \"accession\": \"E1\"}, \"sessionRevision\": 4, \"label\": \"a\\u0000b\"}"
                + "', 'no json', 7, 'checked')");
        run("insert into " + SCHEMA + ".qc_series values ('E1', '3', '{\"seriesRevision\": 2}',"
                + " '{\"seriesRevision\": 2, \"exportRevision\": 5}'), ('E1', '4', null, '{\"seriesRevision\": 1}')");
        run("insert into " + SCHEMA
                + ".qc_resource values ('E1', 'main/E1/resources/1/notes.csv', '{\"resourceRevision\": 3}')");
        run("insert into " + SCHEMA + ".qc_review values ('E1', 'stem', 'BLACKLISTED', 'r1', '2026-03-01T10:00:00Z'),"
                + " ('E2', '', 'SIGNED_OFF', 'r2', '2026-03-01T10:00:01Z')");
        run("insert into " + SCHEMA
                + ".gold_standard values ('SPN', 'CMH', 'T1', '2026-02-01', '{\"session\": {\"server\": \"main\","
                + " \"accession\": \"E1\"}, \"time\": \"2026-02-02T00:00:00Z\"}')");
        insert("stem", "{}");
        run("insert into " + SCHEMA + ".qc_begun values ('E2', '3', 'stem', 2)");
        run("insert into " + SCHEMA
                + ".trend_value values ('E1', '3', 'stem', 'tsnr', '1', 'SPN', 'CMH', 'T1', '', '', '', '',"
                + " '2026-02-01', 1.5, 'PASS')");
        run("insert into " + SCHEMA
                + ".header_value values ('E1', '3', 'stem', 'SPN', 'CMH', 'T1', '', '2026-02-01', '{}')");
        run("insert into " + SCHEMA
                + ".alarm values ('one', E'header\tE1\t3\tstem', 1, '{}'), ('two', E'metric\tSPN', 1, '{}')");

        // When
        to("7");

        // Then
        assertThat(rows(
                        "topic || ' ' || identity || ' ' || session || ' ' || scan || ' ' || major || ' ' || minor",
                        "latest_event"))
                .containsExactly(
                        "gold-standard-set SPN/CMH/T1#2026-02-01 main/E1  1769990400000 0",
                        "qc-reviewed main/E1/stem main/E1  1772359200000 0",
                        "qc-reviewed main/E2 main/E2  1772359201000 0",
                        "resource-exported main/E1/resources/1/notes.csv main/E1  3 0",
                        "series-exported main/E1/3 main/E1 3 2 5",
                        "series-exported main/E1/4 main/E1 4 1 0",
                        "series-tagged main/E1/3 main/E1 3 2 0",
                        "session-discovered main/E1 main/E1  4 0",
                        "session-settled main/E1 main/E1  0 0");
        assertThat(rows("payload ->> 'label'", "latest_event where topic = 'session-discovered'"))
                .containsExactly("ab");
        QcReviewed review = EventJson.read(
                rows("payload::text", "latest_event where identity = 'main/E1/stem'")
                        .get(0)
                        .getBytes(UTF_8),
                QcReviewed.class);
        assertThat(review.session()).isEqualTo(new SessionRef("main", "E1"));
        assertThat(review.stem()).contains("stem");
        assertThat(review.decision()).isEqualTo(QcReviewed.Decision.BLACKLISTED);
        assertThat(review.time()).isEqualTo(Instant.parse("2026-03-01T10:00:00Z"));
        assertThat(rows("session || ' ' || check_revision || ' ' || last_check", "qc_session"))
                .containsExactly("main/E1 7 checked");
        assertThat(rows("session || ' ' || times", "qc_begun")).containsExactly("main/E2 2");
        for (String table : List.of("qc_result", "trend_value", "header_value")) {
            assertThat(rows("session || ' ' || scan || ' ' || stem", table)).containsExactly("main/E1 3 stem");
        }
        assertThat(rows("about", "alarm")).containsExactly("header\tmain/E1\t3\tstem", "metric\tSPN");
    }

    @Test
    void scansOfTwoServersThatHadOneAccessionIdGoToTheirOwn() throws Exception {
        // Given one session in qc's eyes, of which scan 4 is of another server
        to("6");
        run("insert into " + SCHEMA
                + ".qc_series values ('E1', '3', '{\"session\": {\"server\": \"main\", \"accession\": \"E1\"}}', null),"
                + " ('E1', '4', '{\"session\": {\"server\": \"other\", \"accession\": \"E1\"}}', null)");
        for (String[] scan : List.of(new String[] {"3", "main"}, new String[] {"4", "other"})) {
            run("insert into " + SCHEMA + ".qc_result (accession, scan, stem, run_key, event) values ('E1', '" + scan[0]
                    + "', 'stem', 'key', '{\"session\": {\"server\": \"" + scan[1]
                    + "\", \"accession\": \"E1\"}}')");
            run("insert into " + SCHEMA + ".trend_value values ('E1', '" + scan[0]
                    + "', 'stem', 'tsnr', '1', 'SPN', 'CMH', 'T1', '', '', '', '', '2026-02-01', 1.5, 'PASS')");
        }

        // When
        to("7");

        // Then
        assertThat(rows("identity", "latest_event")).containsExactly("main/E1/3", "other/E1/4");
        assertThat(rows("session || ' ' || scan", "qc_result")).containsExactly("main/E1 3", "other/E1 4");
        assertThat(rows("session || ' ' || scan", "trend_value")).containsExactly("main/E1 3", "other/E1 4");
    }

    @Test
    void aClaimOfBeforeIsGivenBackAndWhatIsToBeDoneStays() throws Exception {
        // Given a result that a worker had claimed
        to("6");
        insert("stem", "{}");
        run("update " + SCHEMA
                + ".qc_result set claimed_until = now() + interval '4 min', definitions = 'old', judge_again = 2");

        // When
        to("10");

        // Then
        assertThat(rows(
                        "concat_ws(' ', stem, definitions, judge_again, lease_owner is null, lease_until is null)",
                        "qc_result"))
                .containsExactly("stem old 2 t t");
    }

    private void to(String version) {
        FluentConfiguration flyway = Flyway.configure()
                .dataSource(database)
                .schemas(SCHEMA)
                .createSchemas(true)
                .outOfOrder(true)
                .locations("db/migration", "db/latest")
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
