package org.datman.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.datman.contracts.event.ConfigurationRead;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.QcAlarm;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.dashboard.fixture.FixturePublisher;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class SessionPageTest {

    private static final Instant T = EventFixtures.START;

    @Inject
    Jdbi jdbi;

    @Test
    void aSessionIsShownFromItsNameToItsPipelineRuns() {
        // Given
        EventFixtures fixtures = EventFixtures.of("SHOW_E1", "SPN01_CMH_1001_01_01");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(2, "SPN01_CMH_1001_01_01"));
            publisher.publish("ingest", T, fixtures.series("3", 1, "Sag T1"));
            publisher.publish(
                    "tagging",
                    T.plusSeconds(1),
                    fixtures.tagged("3", 1, "T1", "Sag T1")
                            .withChecks(Optional.of(List.of(new SeriesTagged.FailedCheck(
                                    "T1",
                                    "Header.RepetitionTime",
                                    "2250 to 2350",
                                    "1900",
                                    "warn",
                                    "another protocol")))));
            publisher.publish("export", T.plusSeconds(9), fixtures.exported("3", 1, "T1"));
            publisher.publish("ingest", T.plusSeconds(9), fixtures.resource("notes.pdf"));
            publisher.publish("export", T.plusSeconds(9), fixtures.exportedResource("notes.pdf"));
            publisher.publish("ingest", T.plusSeconds(10), fixtures.settled(1, "3"));
            publisher.publish(
                    "qc",
                    T.plusSeconds(20),
                    fixtures.checked(
                            1,
                            false,
                            new SessionChecked.Row("T1", 1, 1, List.of("3"), SessionChecked.Outcome.COMPLETE),
                            new SessionChecked.Row("T2", 1, 0, List.of(), SessionChecked.Outcome.MISSING)));
            publisher.publish("pipeline", T.plusSeconds(30), fixtures.run(PipelineUpdated.State.SUCCEEDED));

            // When
            publisher.publish(
                    "qc",
                    T.plusSeconds(15),
                    fixtures.measured("3", 1, "T1", QcComplete.Level.FLAG, "Lost slice 12 of volume 41"));
        }

        // Then
        Document page = Dashboard.awaitEvents(fixtures, 10);
        assertThat(page.select("h1").text()).contains("SPN01_CMH_1001_01_01").contains("needs attention");
        assertThat(page.select("dl.facts").text())
                .contains("was old label")
                .contains("15 s")
                .contains("incomplete");
        assertThat(page.select("#series-3").text())
                .contains("measured", "needs attention", "Lost slice 12 of volume 41", "Why tagged?", "Only T1 matches")
                .contains("snr_core", "24.40", "too little air", "slice-dropout", "RepetitionTime");
        assertThat(page.select("#series-3 > tr:first-child .why").eachText())
                .contains("▲ check of T1 failed: another protocol (Header.RepetitionTime is '1900', expected 2250 to"
                        + " 2350)");
        assertThat(page.select("#series-3 .clauses caption").eachText())
                .containsExactly("T1 ✔ matches", "T2 ✖ does not match");
        assertThat(page.select("#series-3 a.picture img").attr("src"))
                .isEqualTo("/files/SPN01/qc/SPN01_CMH_1001_01_01/" + fixtures.stem("3", "T1") + "/mosaic.png?sha256="
                        + fixtures.measured("3", 1, "T1", QcComplete.Level.FLAG)
                                .files()
                                .get(0)
                                .sha256());
        assertThat(page.select("section:contains(Expected and found)").text()).contains("T2 1 0 ✖ missing");
        assertThat(page.select("#paired tbody").text())
                .isEqualTo(
                        "physiology 2 for its RST 1 run1.puls too small: run2.puls too few of its own: scan 5 from 2025-01-01 ✖ missing");
        assertThat(page.select("section:contains(Pipelines)").text())
                .contains("brain-volume", "succeeded", "13 s")
                .contains("CPU 2 h, memory 3.4 GB", "slurm, job 48151, on node17");
        assertThat(Dashboard.page("/").text())
                .contains("SPN01_CMH_1001_01_01", "Lost slice 12 of volume 41", "1 series missing");
        assertThat(Dashboard.page("/studies/SPN01?text=1001").select("tbody tr").text())
                .contains("SPN01_CMH_1001_01_01", "needs attention", "flag", "15 s");
    }

    @Test
    void aSeriesOfAStudyWithoutTagsCanBeAssignedNoneAndThePageSaysWhyNoOther() {
        // Given: no study file has this study; nothing was decided about the series
        EventFixtures fixtures = EventFixtures.of("SHOW_E2", "OLD01_CMH_1002_01_01");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, "OLD01_CMH_1002_01_01"));

            // When
            publisher.publish("ingest", T, fixtures.series("3", 1, "Sag T1"));
        }

        // Then
        Document page = Dashboard.awaitSession(
                fixtures, p -> !p.select("#assign-series-3").isEmpty());
        assertThat(page.select("#assign-series-3 option").eachText()).containsExactly("no tag: ignore");
        assertThat(page.select("#assign-series-3 .problem").text())
                .isEqualTo(
                        "▲ No tag can be assigned: study OLD01 has no tags for site CMH. Add them to its study file.");
        assertThat(page.select("a[href^=/configuration/rule]")).isEmpty();
    }

    @Test
    void theRuleForATagThatTheSiteDoesNotHaveIsNotFound() {
        // Given
        EventFixtures fixtures = EventFixtures.of("SHOW_E3", "SPN01_CMH_1003_01_01");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, "SPN01_CMH_1003_01_01"));
            publisher.publish("ingest", T, fixtures.series("3", 1, "Sag T1"));
        }
        Dashboard.awaitSession(fixtures, p -> !p.select("#assign-series-3").isEmpty());
        String page =
                "/configuration/rule?session=" + fixtures.session().identity().replace("/", "%2F") + "&scan=3";

        // When
        Response unknown = Dashboard.loggedIn().urlEncodingEnabled(false).get(page + "&tag=OLD");

        // Then
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.asString()).contains("Site CMH of study SPN01 has no tag &#39;OLD&#39;");
        Document other = Dashboard.page(page + "&tag=T2");
        assertThat(other.select("pre").text()).contains("Pattern: {SeriesDescription: ['T2', '^Sag T1$']}");
        assertThat(other.select(".problem").text()).contains("does not get the tag: T1 and T2 match the same images");
        assertThat(Dashboard.page(page).select("pre").text()).startsWith("Ignore:");
    }

    @Test
    void aFaultInAStudyFileIsShownUntilIngestReadsItMended() {
        // Given
        ConfigurationRead.Fault fault =
                new ConfigurationRead.Fault("OTHER.yml", 12, 5, "Tags.T1.Count", "'two' is no <number>", "0 and more");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            Instant read = EventFixtures.later();
            publisher.publish(
                    "ingest",
                    read,
                    new ConfigurationRead("r1", List.of("SPN01"), List.of(fault), read, Optional.empty()));
            Document faulty = Dashboard.awaitPage("/", p -> p.text().contains("OTHER.yml:12:5"));
            assertThat(faulty.text()).contains("Tags.T1.Count 'two' is no <number>", "allowed: 0 and more");

            // When
            Instant again = EventFixtures.later();
            publisher.publish(
                    "ingest", again, new ConfigurationRead("r2", List.of("SPN01"), List.of(), again, Optional.empty()));

            // Then
            Dashboard.awaitPage("/", p -> !p.text().contains("OTHER.yml"));
        }
    }

    @Test
    void aSessionInWhichSomethingWaitsTooLongIsInTheInboxUntilTheEventHasCome() {
        // Given an old tagging decision
        Instant ago = Instant.parse("2020-03-01T10:00:00Z");
        EventFixtures fixtures = EventFixtures.of("LATE_E1", "SPN01_CMH_1073_01_01");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", ago, fixtures.discovered(1, "SPN01_CMH_1073_01_01"));
            publisher.publish("ingest", ago, fixtures.series("3", 1, "Sag T1"));
            publisher.publish("tagging", ago.plusSeconds(1), fixtures.tagged("3", 1, "T1", "Sag T1"));
            publisher.publish("ingest", ago.plusSeconds(2), fixtures.settled(1, "3"));
            Document late = Dashboard.awaitPage(
                    "/",
                    p -> overdue(p, fixtures).contains("series 3 (T1) waits for series-exported")
                            && overdue(p, fixtures).contains("the session waits for session-checked"));
            assertThat(overdue(late, fixtures)).contains("whether export works", "'Re-tag'");

            // When
            publisher.publish("export", ago.plusSeconds(9), fixtures.exported("3", 1, "T1"));
            publisher.publish("qc", ago.plusSeconds(20), fixtures.measured("3", 1, "T1", QcComplete.Level.PASS));
            publisher.publish("qc", ago.plusSeconds(21), fixtures.checked(1, true));
        }

        // Then
        Dashboard.awaitPage("/", p -> overdue(p, fixtures).isEmpty());
    }

    private static String overdue(Document inbox, EventFixtures fixtures) {
        return inbox.select("#overdue tr:contains(" + fixtures.name() + ")").text();
    }

    @Test
    void aChangeOverTheYearsWaitsUntilARaterHasSeenIt() {
        // Given
        EventFixtures fixtures = EventFixtures.of("TREND_E1", "SPN06_CMH_1061_01_01");
        QcAlarm alarm = fixtures.alarm("3", "T1", "efc", "efc is higher since 2026-10-02 <b>");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, fixtures.name()));
            publisher.publish("qc", T.plusSeconds(20), alarm);
            Dashboard.awaitSession(fixtures, p -> p.text().contains("efc is higher since 2026-10-02 <b>"));
        }
        Document before = Dashboard.page("/");

        // When
        Response answer = Dashboard.loggedIn()
                .formParam("alarm", alarm.identity())
                .formParam("note", "coil was swapped")
                .post("/alarms/seen");

        // Then
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(before.select("section:contains(Scanner drift alerts)").text())
                .contains("efc is higher since 2026-10-02", fixtures.name());
        assertThat(Dashboard.page("/").text()).doesNotContain("efc is higher since 2026-10-02");
        assertThat(Dashboard.page(Dashboard.pathOf(fixtures)).text())
                .contains("Acknowledged by admin: coil was swapped");
    }

    @Test
    void aMetricIsDrawnOverTheYearsWithWhatChanged() {
        // Given
        Random random = new Random(4);
        LocalDate start = LocalDate.of(2023, 1, 2);
        jdbi.useHandle(handle -> {
            PreparedBatch batch = handle.prepareBatch("""
                    insert into metric (session, scan, stem, key, value, unit, study, site, tag, name, day, scanner,
                        software, coil, phantom, content, standing)
                    values (:session, '3', :stem, 'fbirn_sfnr', :value, '1', 'TRD01', 'CMH', 'FBN', :stem, :day, '45123',
                        :software, 'HeadNeck_20', true, :stem, 'GOOD') on conflict do nothing
                    """);
            for (int week = 0; week < 156; week++) {
                double level = week < 90 ? 250 : week < 125 ? 270 : 252;
                batch.bind("session", "local/W" + week)
                        .bind("stem", String.format(Locale.ROOT, "TRD01_CMH_PHA_FBN%04d", week))
                        .bind("value", level + 8 * random.nextGaussian())
                        .bind("day", start.plusWeeks(week))
                        .bind("software", week < 90 ? "syngo MR E11" : "syngo MR XA30")
                        .add();
            }
            batch.execute();
        });

        // When
        Document page = Dashboard.page("/metrics?study=TRD01&tag=FBN&key=fbirn_sfnr");

        // Then
        assertThat(page.select("section:contains(Phantoms) figure")).hasSize(1);
        assertThat(page.select("svg .dot")).hasSize(156);
        assertThat(page.select("svg a").first().attr("href")).isEqualTo("/sessions/local/W0#series-3");
        assertThat(page.select("svg .band")).hasSize(2);
        assertThat(page.select("svg text.n-scanner").eachText()).containsExactly("syngo MR XA30");
        assertThat(page.select("svg .mark text").eachText()).contains("EWMA");
        assertThat(page.select(".alarms").text()).contains("is lower since 2025-0");
        assertThat(page.select("table[data-sortable] tbody tr")).hasSize(156);
        assertThat(Dashboard.page("/metrics?study=TRD01&tag=FBN&key=fbirn_sfnr&from=2025-06-01&to=2025-08-01")
                        .select("svg .dot"))
                .hasSize(9);
    }

    @Test
    void nothingOfAHostileLabelBecomesPartOfThePage() {
        // Given
        String hostile = "<script>alert(1)</script><img src=x onerror=alert(2)> \"' {cdi:x} Sag T1";
        EventFixtures fixtures = EventFixtures.of("EVIL_E1", "");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, hostile));

            // When
            publisher.publish("ingest", T.plusSeconds(1), fixtures.series("3-<b>MR1</b>", 1, hostile));
        }

        // Then
        Document page = Dashboard.awaitEvents(fixtures, 2);
        assertThat(page.text()).contains("3-<b>MR1</b>");
        for (Document d : List.of(page, Dashboard.page("/"), Dashboard.page("/studies/-"))) {
            assertThat(d.text()).contains(hostile.replaceAll(" +", " "));
            assertThat(d.select("script").eachAttr("src")).containsExactly("/assets/htmx.min.js", "/assets/datman.js");
            assertThat(d.select("script, [onerror], img[src=x], main b").stream()
                            .filter(e -> !e.attr("src").startsWith("/assets/"))
                            .toList())
                    .isEmpty();
        }
    }

    @Test
    void theOrderInWhichTopicsAreConsumedDoesNotMatterAndNothingOldComesBack() {
        // Given: the verdict is consumed first, and the first revision after the second
        EventFixtures fixtures = EventFixtures.of("ORDER_E1", "SPN01_CMH_1002_01_01");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish(
                    "qc", T.plusSeconds(60), fixtures.measured("3", 2, "T1", QcComplete.Level.WARN, "A little motion"));
            publisher.publish("export", T.plusSeconds(50), fixtures.exported("3", 2, "T1"));
            publisher.publish("tagging", T.plusSeconds(41), fixtures.tagged("3", 2, "T1", "second"));
            publisher.publish("ingest", T.plusSeconds(40), fixtures.series("3", 2, "second"));
            publisher.publish("ingest", T.plusSeconds(40), fixtures.series("3", 2, "second"));
            Dashboard.awaitSession(fixtures, p -> !p.select("#series-3 .b-WARN").isEmpty());

            // When
            publisher.publish("ingest", T, fixtures.series("3", 1, "first"));
            publisher.publish(
                    "tagging",
                    T.plusSeconds(1),
                    fixtures.tagged("3", 1, SeriesTagged.Decision.UNMATCHED, "", "first", Reason.of("no", "no")));
            publisher.publish("export", T.plusSeconds(2), fixtures.exported("3", 1, "T1"));
            publisher.publish("ingest", T.plusSeconds(61), fixtures.discovered(1, "SPN01_CMH_1002_01_01"));
        }

        // Then
        Document page = Dashboard.awaitEvents(fixtures, 8);
        assertThat(page.select("h1").text()).contains("SPN01_CMH_1002_01_01");
        assertThat(page.select("#series-3 tr").first().text())
                .contains("second", "measured", "warn")
                .doesNotContain("first");
        assertThat(page.select("#series-3 .image code[title=" + fixtures.nifti("3", 2) + "]"))
                .isNotEmpty();
        assertThat(page.select("dl.facts").text()).contains("20 s");
    }

    @Test
    void numbersOfOldAndNewDefinitionsStandSideBySide() {
        // Given an image that was measured when efc was of version 1 and snr_core of version 1
        EventFixtures fixtures = EventFixtures.of("BEFORE_E1", "SPN01_CMH_1009_01_01");
        QcComplete old = fixtures.measured("3", 1, "T1", QcComplete.Level.PASS);
        Document before;
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, "SPN01_CMH_1009_01_01"));
            publisher.publish("ingest", T, fixtures.series("3", 1, "Sag T1"));
            publisher.publish("tagging", T.plusSeconds(1), fixtures.tagged("3", 1, "T1", "Sag T1"));
            publisher.publish("export", T.plusSeconds(2), fixtures.exported("3", 1, "T1"));
            publisher.publish("qc", T.plusSeconds(9), old);
            before = Dashboard.awaitEvents(fixtures, 5);

            // When efc is measured again by version 2 and the rest by the version that it had
            publisher.publish("qc", T.plusSeconds(90), EventFixtures.again(old, "efc", 0.6125, "2"));
        }

        // Then the page names both values of efc and their versions, and nothing beside the others
        Document page = Dashboard.awaitEvents(fixtures, 6);
        assertThat(before.select("#series-3 details[id^=metrics] thead").text()).doesNotContain("Before");
        assertThat(page.select("#series-3 details[id^=metrics] thead").text()).contains("Before");
        assertThat(cells(page, "efc")).containsExactly("0.6125", "", "v2", "0.5300 v1");
        assertThat(cells(page, "snr_core")).containsExactly("24.40", "", "v1", "");
        assertThat(cells(page, "qi2")).containsExactly("too little air", "", "v1", "");
        // The verdict came after 9 s and not with the second measurement.
        assertThat(page.select("dl.facts").text()).contains("Time to QC 9");
    }

    /** The values next to a metric's name, without the unit 1. */
    private static List<String> cells(Document page, String key) {
        return page.select("#series-3 details[id^=metrics] tbody tr").stream()
                .filter(row -> row.select("th").text().equals(key))
                .flatMap(row -> row.select("td").stream())
                .map(cell -> cell.text().equals("1") ? "" : cell.text())
                .toList();
    }

    @Test
    void whatFailedIsShownUntilItWasDoneAfterAll() {
        // Given
        EventFixtures fixtures = EventFixtures.of("FAIL_E1", "SPN01_CMH_1003_01_01");
        String cause = UUID.randomUUID().toString();
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, "SPN01_CMH_1003_01_01"));
            publisher.publish("ingest", T, fixtures.series("3", 1, "Sag T1"));
            publisher.publish("ingest", T, fixtures.series("4", 1, "Sag T1"));
            publisher.publish("tagging", T.plusSeconds(1), fixtures.tagged("3", 1, "T1", "Sag T1"));
            publisher.publish("tagging", T.plusSeconds(1), fixtures.tagged("4", 1, "T1", "Sag T1"));
            publisher.publish(
                    "export",
                    T.plusSeconds(5),
                    fixtures.failed("export", "export", Optional.of("3"), cause, T.plusSeconds(5)));
            Document failed = Dashboard.awaitEvents(fixtures, 6);
            assertThat(failed.select("#series-3").text()).contains("failed");
            assertThat(failed.select(".f-PERMANENT").text())
                    .contains("The zip of the scan ends after 12 of 192 files", "Reprocess");
            // The success of another series closes no failure.
            publisher.publish("export", T.plusSeconds(6), fixtures.exported("4", 1, "T1"));
            Dashboard.awaitSession(fixtures, p -> p.select("#series-4").text().contains("Waits to be measured"));
            assertThat(Dashboard.page(Dashboard.pathOf(fixtures)).select(".f-PERMANENT"))
                    .hasSize(1);

            // When
            publisher.publish("export", T.plusSeconds(90), fixtures.exported("3", 1, "T1"));
        }

        // Then
        Document page =
                Dashboard.awaitSession(fixtures, p -> p.select(".f-PERMANENT").isEmpty());
        assertThat(page.select("#series-3").text())
                .contains("Waits to be measured")
                .doesNotContain("failed");
    }

    @Test
    void aSeriesThatIsGoneFromXnatReportsIt() {
        // Given
        EventFixtures fixtures = EventFixtures.of("GONE_E1", "SPN01_CMH_1004_01_01");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.series("3", 1, "Sag T1"));

            // When
            publisher.publish(
                    "ingest", T.plusSeconds(2), fixtures.series("3", 2, "Sag T1", SeriesDiscovered.Status.REMOVED));
        }

        // Then
        Document page = Dashboard.awaitSession(
                fixtures, p -> !p.select("#series-3.gone").isEmpty());
        assertThat(page.select("#series-3").text()).contains("It was removed from the server");
    }

    @Test
    void listsGoOnWhereThePageBeforeEnded() {
        // Given
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            for (int i = 1; i <= 5; i++) {
                EventFixtures fixtures = EventFixtures.of("LIST_E" + i, "LST01_CMH_000" + i + "_01_01");
                publisher.publish("ingest", T, fixtures.discovered(1, fixtures.name()));
            }
        }
        Dashboard.awaitPage("/studies/LST01", p -> p.select("tbody tr").size() == 5);
        String next = Dashboard.loggedIn()
                .get("/api/studies/LST01/sessions?sort=NAME&size=3")
                .path("next");

        // When
        List<String> names = Dashboard.loggedIn()
                .queryParam("after", next)
                .get("/api/studies/LST01/sessions?sort=NAME&size=3")
                .path("sessions.name");

        // Then
        assertThat(names).containsExactly("LST01_CMH_0004_01_01", "LST01_CMH_0005_01_01");
    }

    @Test
    void searchFindsASessionByWhateverIdIsAtHand() {
        // Given
        EventFixtures fixtures = EventFixtures.of("FIND_E1", "SPN01_CMH_1077_01_01");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.series("3", 1, "Sag T1"));
            publisher.publish("ingest", T, fixtures.discovered(1, "SPN01_CMH_1077_01_01"));
        }
        Dashboard.awaitSession(
                fixtures,
                p -> p.select("h1").text().contains("1077")
                        && p.select("#series-3").size() == 1);
        List<String> ids = List.of(
                "FIND_E1",
                "spn01_cmh_1077_01_01",
                "1077",
                "SPN01_CMH_1077_01_01_T1_03_Sag-T1.nii.gz",
                fixtures.series("3", 1, "Sag T1").uid().orElseThrow());

        // When
        List<String> found = ids.stream()
                .map(id ->
                        Dashboard.loggedIn().queryParam("q", id).get("/search").header("Location"))
                .toList();

        // Then
        assertThat(found).allSatisfy(location -> assertThat(location).endsWith("/sessions/local/FIND_E1"));
    }
}
