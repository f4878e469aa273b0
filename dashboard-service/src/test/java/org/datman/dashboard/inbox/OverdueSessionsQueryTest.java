package org.datman.dashboard.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Overdue work is found without reading all waiting work. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class OverdueSessionsQueryTest {

    /** Older than the data of other tests, so that it sorts first. */
    private static final Instant LONG_AGO = Instant.parse("1960-01-01T00:00:00Z");

    @Inject
    OverdueSessions overdue;

    @Inject
    Jdbi jdbi;

    @AfterEach
    void remove() {
        jdbi.useHandle(handle -> {
            handle.execute("delete from series where session like 'local/OVERDUE_E%'");
            handle.execute("delete from failure where session like 'local/OVERDUE_E%'");
            handle.execute("delete from session where session like 'local/OVERDUE_E%'");
        });
    }

    @Test
    void ofManyTheOldestAreNamedWithAllThatWaitsInThem() {
        // Given: 120 sessions of 60 series, of which the first is the oldest
        sessions(120, LONG_AGO, "now()", "true");
        for (int scan = 101; scan <= 160; scan++) {
            series(Integer.toString(scan), "EXPORTED", "waits-for-qc", "Waits to be measured");
        }

        // When
        List<Inbox.WaitingSession> found = overdue.sessions();

        // Then
        assertThat(found).hasSizeLessThanOrEqualTo(Inbox.MOST).hasSizeGreaterThan(80);
        assertThat(found).extracting(Inbox.WaitingSession::session).startsWith("local/OVERDUE_E1", "local/OVERDUE_E2");
        assertThat(found.get(0).reason())
                .startsWith("series 101 (T1) waits for qc-complete since 1960-01-01T00:01:00Z; series 102")
                .endsWith("; 57 more");
    }

    /** An image that lacks parts, and a series that an outage holds up: passing failures are not in the inbox. */
    @ParameterizedTest
    @CsvSource({
        "TAGGED, waits-for-parts, export: waits for the tagging of scan 4, export, combine, series-exported",
        "EXPORTED, outage, qc: measure waits for a system that does not answer, qc, measure, qc-complete",
    })
    void aSeriesThatWaitsIsThereOnceWithWhatItsServiceReportsOfIt(
            String state, String code, String reported, String service, String stage, String awaited) {
        // Given
        sessions(1, LONG_AGO, "now()", "true");
        series("3", state, code, reported);
        failure("3", service, stage);

        // When
        List<Inbox.WaitingSession> found = overdue.sessions();

        // Then
        assertThat(found.get(0).session()).isEqualTo("local/OVERDUE_E1");
        assertThat(found.get(0).reason())
                .isEqualTo("series 3 (T1) waits for " + awaited + " since 1960-01-01T00:01:00Z (" + reported + ")");
    }

    @Test
    void aSessionSettlesSixHoursAndThirtyMinutesAfterItBeganAtTheLatestWhereItsStudyIsNotKnown() {
        // Given: the second began half an hour before the first
        Instant now = Instant.now();
        sessions(2, now.minus(Duration.ofMinutes(6 * 60 + 20)), "null", "false");
        jdbi.useHandle(
                handle -> handle.execute(
                        "update session set first_published = first_published - interval '30 min' where session = 'local/OVERDUE_E2'"));

        // When
        List<Inbox.WaitingSession> found = overdue.sessions();

        // Then
        assertThat(found)
                .extracting(Inbox.WaitingSession::session)
                .contains("local/OVERDUE_E2")
                .doesNotContain("local/OVERDUE_E1");
    }

    @Test
    void eachKindIsReadFromItsIndex() {
        // When
        String plan = jdbi.withHandle(handle -> {
            handle.execute("set enable_seqscan = off");
            handle.execute("set enable_bitmapscan = off");
            try {
                return String.join(
                        "\n",
                        overdue.query(handle, "explain " + OverdueSessions.OLDEST)
                                .mapTo(String.class)
                                .list());
            } finally {
                handle.execute("reset enable_seqscan");
                handle.execute("reset enable_bitmapscan");
            }
        });

        // Then
        assertThat(plan)
                .contains(
                        "Index Scan using series_waiting on series",
                        "Index Scan using series_lacking_parts on series",
                        "Index Scan using session_to_settle on session",
                        "Index Scan using session_to_check on session");
    }

    /** A series that waits in each of the sessions. */
    private void series(String scan, String stage, String code, String reason) {
        jdbi.useHandle(handle -> handle.execute("""
                insert into series (session, scan, description, tag, study, site, name, phantom, stage, state, code, reason,
                    action, since, verdict, review)
                select s.session, ?, '', 'T1', s.study, s.site, s.name, false, ?, 'WORKING', ?, ?, '', s.first_published, '', 'NEW'
                from session s where s.session like 'local/OVERDUE_E%'
                """, scan, stage, code, reason));
    }

    /** A transient failure of the series. */
    private void failure(String scan, String service, String stage) {
        jdbi.useHandle(handle -> handle.execute("""
                insert into failure (identity, event_id, cause, session, scan, service, stage, kind, code, message, action,
                    attempts, dead_letter, time, open)
                select 'OVERDUE' || s.session, gen_random_uuid(), 'x', s.session, ?, ?, ?, 'TRANSIENT', 'x', 'x', 'x', 1, '',
                    now(), true
                from session s where s.session like 'local/OVERDUE_E%'
                """, scan, service, stage));
    }

    private void sessions(int count, Instant first, String settled, String checked) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into session (session, server, accession, study, site, name, label, previous_label, project,
                            subject_label, phantom, scan_day, status, named, name_problem, name_action, state, complete,
                            missing, series, working, attention, failed, unreviewed, verdict, review, first_published, last_published,
                            search, settled, checked)
                        select 'local/OVERDUE_E' || n, 'local', 'OVERDUE_E' || n, 'NOWHERE', 'CMH', 'NOWHERE_' || n, '', '', '',
                            '', false, date '2001-01-01', 'PRESENT', true, '', '', 'WORKING', true, 0, 0, 0, 0, 0, 0, '', 'NEW',
                            cast(:first as timestamptz) + n * interval '1 min', :first, '', %s, %s
                        from generate_series(1, :count) n
                        """.formatted(settled, checked))
                .bind("first", first)
                .bind("count", count)
                .execute());
    }
}
