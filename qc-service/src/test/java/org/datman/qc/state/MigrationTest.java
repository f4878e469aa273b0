package org.datman.qc.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.SessionRef;
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
        schema = new MigratedSchema(database, "qc_migration_test");
    }

    @AfterEach
    void end() throws SQLException {
        schema.close();
    }

    @Test
    void resultsOfBeforeStateOfWhatTheyAreAndUnreadableOnesStopNothing() throws Exception {
        // Given
        schema.to("5");
        insert("whole", "{\"study\": \"SPN\", \"site\": \"CMH\", \"tag\": \"T1\", \"date\": \"2026-03-01\"}");
        insert("noDay", "{\"study\": \"SPN\", \"site\": \"CMH\", \"tag\": \"T1\"}");
        insert("wrongDay", "{\"study\": \"SPN\", \"site\": \"CMH\", \"tag\": \"T1\", \"date\": \"the first\"}");
        insert("noJson", "no json");

        // When
        schema.to("6");

        // Then
        assertThat(schema.rows(
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
        schema.to("6");
        schema.run("insert into qc_session (accession, discovered, settled, check_revision, last_check) values ('E1', '"
                + "{\"session\": {\"server\": \"main\", \"accession\": \"E1\"}, \"sessionRevision\": 4, \"label\": \"a\\u0000b\"}"
                + "', 'no json', 7, 'checked')");
        schema.run("insert into qc_series values ('E1', '3', '{\"seriesRevision\": 2}',"
                + " '{\"seriesRevision\": 2, \"exportRevision\": 5}'), ('E1', '4', null, '{\"seriesRevision\": 1}')");
        schema.run(
                "insert into qc_resource values ('E1', 'main/E1/resources/1/notes.csv', '{\"resourceRevision\": 3}')");
        schema.run("insert into qc_review values ('E1', 'stem', 'BLACKLISTED', 'r1', '2026-03-01T10:00:00Z'),"
                + " ('E2', '', 'SIGNED_OFF', 'r2', '2026-03-01T10:00:01Z')");
        schema.run(
                "insert into gold_standard values ('SPN', 'CMH', 'T1', '2026-02-01', '{\"session\": {\"server\": \"main\","
                        + " \"accession\": \"E1\"}, \"time\": \"2026-02-02T00:00:00Z\"}')");
        insert("stem", "{}");
        schema.run("insert into qc_begun values ('E2', '3', 'stem', 2)");
        schema.run("insert into trend_value values ('E1', '3', 'stem', 'tsnr', '1', 'SPN', 'CMH', 'T1', '', '', '', '',"
                + " '2026-02-01', 1.5, 'PASS')");
        schema.run("insert into header_value values ('E1', '3', 'stem', 'SPN', 'CMH', 'T1', '', '2026-02-01', '{}')");
        schema.run(
                "insert into alarm values ('one', E'header\tE1\t3\tstem', 1, '{}'), ('two', E'metric\tSPN', 1, '{}')");

        // When
        schema.to("7");

        // Then
        assertThat(schema.rows(
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
        assertThat(schema.rows("payload ->> 'label'", "latest_event where topic = 'session-discovered'"))
                .containsExactly("ab");
        QcReviewed review = EventJson.read(
                schema.rows("payload::text", "latest_event where identity = 'main/E1/stem'")
                        .get(0)
                        .getBytes(UTF_8),
                QcReviewed.class);
        assertThat(review.session()).isEqualTo(new SessionRef("main", "E1"));
        assertThat(review.stem()).contains("stem");
        assertThat(review.decision()).isEqualTo(QcReviewed.Decision.BLACKLISTED);
        assertThat(review.time()).isEqualTo(Instant.parse("2026-03-01T10:00:00Z"));
        assertThat(schema.rows("session || ' ' || check_revision || ' ' || last_check", "qc_session"))
                .containsExactly("main/E1 7 checked");
        assertThat(schema.rows("session || ' ' || times", "qc_begun")).containsExactly("main/E2 2");
        for (String table : List.of("qc_result", "trend_value", "header_value")) {
            assertThat(schema.rows("session || ' ' || scan || ' ' || stem", table))
                    .containsExactly("main/E1 3 stem");
        }
        assertThat(schema.rows("about", "alarm")).containsExactly("header\tmain/E1\t3\tstem", "metric\tSPN");
    }

    @Test
    void scansOfTwoServersThatHadOneAccessionIdGoToTheirOwn() throws Exception {
        // Given one session in qc's eyes, of which scan 4 is of another server
        schema.to("6");
        twoServers();

        // When
        schema.to("12");

        // Then
        assertThat(schema.rows("identity || ' ' || session", "latest_event"))
                .containsExactly(
                        "main/E1 main/E1", "main/E1/3 main/E1", "other/E1/4 other/E1", "other/E1/resources/1 other/E1");
        for (String table : IMAGE_TABLES) {
            assertThat(schema.rows("session || ' ' || scan", table))
                    .as(table)
                    .containsExactly("main/E1 3", "other/E1 4");
        }
        assertThat(schema.rows("session || ' ' || scan || ' ' || stem", "qc_begun"))
                .containsExactly("main/E1 3 stem", "other/E1 4 new", "other/E1 4 stem");
        assertThat(schema.rows("about", "alarm")).containsExactly("header\tother/E1\t4\tstem");
        assertThat(schema.rows("session || ' ' || check_revision", "qc_session"))
                .containsExactly("main/E1 7", "other/E1 7");
    }

    @Test
    void ofTwoRowsAboutTheSameThingOfWhichOneWasStoredUnderTheWrongServerTheNewerStays() throws Exception {
        // Given a database that the old migration left with the wrong server, and that went on
        schema.to("6");
        twoServers();
        schema.to("11");
        schema.run(
                "insert into qc_result (session, scan, stem, run_key, event) values ('other/E1', '4', 'stem', 'newer', '"
                        + naming("other") + "')");
        schema.run(
                "insert into trend_value values ('other/E1', '4', 'stem', 'tsnr', '1', 'SPN', 'CMH', 'T1', '', '', '', '',"
                        + " '2026-02-01', 2.5, 'PASS'), ('other/E1', '4', 'stem', 'tsnr', '2', 'SPN', 'CMH', 'T1', '', '', '', '',"
                        + " '2026-02-01', 3.5, 'PASS')");
        schema.run("insert into latest_event (topic, identity, session, scan, major, minor, event_id, published,"
                + " last_published, payload) select topic, 'other/E1/4', 'other/E1', scan, major + 1, minor, event_id, published,"
                + " last_published, payload from latest_event where identity = 'main/E1/4'");

        // When
        schema.to("12");

        // Then
        assertThat(schema.rows("session || ' ' || scan || ' ' || run_key", "qc_result"))
                .containsExactly("main/E1 3 key", "other/E1 4 newer");
        assertThat(schema.rows("session || ' ' || scan || ' ' || version || ' ' || value", "trend_value"))
                .containsExactly("main/E1 3 1 1.5", "other/E1 4 1 2.5", "other/E1 4 2 3.5");
        assertThat(schema.rows("session || ' ' || scan", "header_value")).containsExactly("main/E1 3", "other/E1 4");
        assertThat(schema.rows("identity || ' ' || major", "latest_event where topic = 'series-tagged'"))
                .containsExactly("main/E1/3 0", "other/E1/4 1");
    }

    private static final List<String> IMAGE_TABLES = List.of("qc_result", "trend_value", "header_value");

    private static String naming(String server) {
        return "{\"session\": {\"server\": \"" + server + "\", \"accession\": \"E1\"}}";
    }

    /** As before migration 7: scans 3 and 4 of one accession id, of two servers. */
    private void twoServers() throws SQLException {
        schema.run("insert into qc_session (accession, discovered, check_revision) values ('E1', '" + naming("main")
                + "', 7)");
        schema.run("insert into qc_resource values ('E1', 'other/E1/resources/1', '" + naming("other") + "')");
        for (String[] scan : List.of(new String[] {"3", "main"}, new String[] {"4", "other"})) {
            schema.run("insert into qc_series values ('E1', '" + scan[0] + "', '" + naming(scan[1]) + "', null)");
            schema.run("insert into qc_result (accession, scan, stem, run_key, event) values ('E1', '" + scan[0]
                    + "', 'stem', 'key', '" + naming(scan[1]) + "')");
            schema.run("insert into trend_value values ('E1', '" + scan[0]
                    + "', 'stem', 'tsnr', '1', 'SPN', 'CMH', 'T1', '', '', '', '', '2026-02-01', 1.5, 'PASS')");
            schema.run("insert into header_value values ('E1', '" + scan[0]
                    + "', 'stem', 'SPN', 'CMH', 'T1', '', '2026-02-01', '{}')");
            schema.run("insert into qc_begun values ('E1', '" + scan[0] + "', 'stem', 1)");
        }
        schema.run("insert into qc_begun values ('E1', '4', 'new', 1)");
        schema.run("insert into alarm values ('one', E'header\tE1\t4\tstem', 1, '{}')");
    }

    @Test
    void aClaimOfBeforeIsGivenBackAndWhatIsToBeDoneStays() throws Exception {
        // Given a result that a worker had claimed
        schema.to("6");
        insert("stem", "{}");
        schema.run(
                "update qc_result set claimed_until = now() + interval '4 min', definitions = 'old', judge_again = 2");

        // When
        schema.to("10");

        // Then
        assertThat(schema.rows(
                        "concat_ws(' ', stem, definitions, judge_again, lease_owner is null, lease_until is null)",
                        "qc_result"))
                .containsExactly("stem old 2 t t");
    }

    private void insert(String stem, String event) throws Exception {
        schema.run("insert into qc_result (accession, scan, stem, run_key, event) values ('E1', '3', '" + stem
                + "', 'key', '" + event + "')");
    }
}
