package org.datman.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.FormChecked;
import org.datman.contracts.event.FormCheckedBuilder;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ProcessingFailedBuilder;
import org.datman.contracts.event.QcAlarm;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.VisitChecked;
import org.datman.contracts.event.VisitCheckedBuilder;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.dashboard.fixture.FixturePublisher;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.jdbi.v3.core.Jdbi;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Open points that are resolved without a person are closed; others stay open. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class EndsByItselfTest {

    private static final Instant T = EventFixtures.START;

    @Inject
    Jdbi jdbi;

    @ParameterizedTest
    @CsvSource({
        "1, syngo MR XA30, 1, 2026-11-27, over: the scanner has syngo MR XA30 since",
        "2, syngo MR E11,  2, 2026-11-20, over: the metric has definition v2 since",
        "3, syngo MR E11,  1, 2026-11-27, ''",
        "4, '',            1, 2026-11-27, ''",
        "5, syngo MR D13,  1, 2026-11-01, ''"
    })
    void anAlarmEndsWithTheSoftwareOrTheDefinitionThatItIsAbout(
            int number, String software, String version, LocalDate day, String ended) {
        // Given: an alarm of software E11 and definition 1, noticed on 2026-11-20. The numbers stay in the history of a
        // study,
        // where they would end the alarms of other tests: each has a study of its own.
        EventFixtures fixtures = EventFixtures.of("ALARM_E" + number, "ALM0" + number + "_CMH_1071_01_01");
        String message = "efc is higher since number " + number;
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, fixtures.name()));
            publisher.publish("qc", T.plusSeconds(20), fixtures.alarm("3", "T1", "efc", message));
            Dashboard.awaitEvents(fixtures, 2);
        }
        reading(fixtures, "W0", "syngo MR E11", "1", LocalDate.of(2026, 11, 20));

        // When
        reading(fixtures, "W1", software, version, day);

        // Then
        String inbox = Dashboard.page("/").text();
        Document page = Dashboard.page(Dashboard.pathOf(fixtures));
        assertThat(inbox.contains(message)).isEqualTo(ended.isEmpty());
        assertThat(page.select("form[hx-post=/alarms/seen]").isEmpty()).isEqualTo(!ended.isEmpty());
        assertThat(page.select("article.card").text()).contains(ended);
        assertThat(Dashboard.page("/metrics?study=" + fixtures.study() + "&tag=T1&key=efc")
                        .select("figure"))
                .isNotEmpty();
    }

    private void reading(EventFixtures fixtures, String session, String software, String version, LocalDate day) {
        jdbi.useHandle(handle -> handle.execute(
                """
                insert into metric (session, scan, stem, key, value, unit, study, site, tag, name, day, scanner, software,
                    coil, phantom, content, standing, version)
                values (?, '3', ?, 'efc', 0.5, '1', ?, 'CMH', 'T1', ?, ?, '45123', ?, 'HeadNeck_20', false, ?, 'GOOD', ?)
                on conflict do nothing
                """,
                fixtures.key() + session,
                fixtures.name() + session,
                fixtures.study(),
                fixtures.name(),
                day,
                software,
                fixtures.name() + session,
                version));
    }

    @ParameterizedTest
    @CsvSource({
        "openlineage, openlineage-unreachable, openlineage-resumed",
        "cluster, cluster-unreachable, cluster-resumed"
    })
    void anOutageOfAnotherSystemEndsWhenItAnswersAgain(String stage, String code, String resumed) {
        // Given
        ProcessingFailed down = ProcessingFailedBuilder.builder()
                .service("pipeline")
                .stage(stage)
                .kind(ProcessingFailed.Kind.TRANSIENT)
                .attempts(3)
                .reason(Reason.of(code, "The system of the " + stage + " has not answered for a while"))
                .time(T)
                .cause(Optional.of(stage))
                .build();
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("pipeline", T, down);
            Dashboard.awaitPage(
                    "/operations", page -> page.text().contains(down.reason().message()));

            // When
            publisher.publish(
                    "pipeline",
                    T.plusSeconds(60),
                    down.withReason(Reason.of(resumed, "It takes events again")).withTime(T.plusSeconds(60)));

            // Then
            Document operations = Dashboard.awaitPage(
                    "/operations", page -> !page.text().contains(down.reason().message()));
            assertThat(operations.text()).doesNotContain("takes events again");
        }
    }

    @Test
    void thatASessionIsNotReadEndsWhenItIsAlsoWithoutAChangeOfIt() {
        // Given
        ProcessingFailed unread = ProcessingFailedBuilder.builder()
                .service("ingest")
                .stage("read-session")
                .kind(ProcessingFailed.Kind.PERMANENT)
                .attempts(3)
                .reason(Reason.of("unreadable-answer", "XNAT's answer about UNREAD_E1 is cut off"))
                .time(T)
                .session(Optional.of(new SessionRef("xnat", "UNREAD_E1")))
                .cause(Optional.of("a webhook"))
                .build();
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, unread);
            Dashboard.awaitPage(
                    "/operations", page -> page.text().contains(unread.reason().message()));

            // When it is read for another reason than it was first
            publisher.publish(
                    "ingest",
                    T.plusSeconds(60),
                    unread.withReason(Reason.of("session-read-resumed", "The session is read from XNAT again"))
                            .withCause(Optional.of("a sweep"))
                            .withTime(T.plusSeconds(60)));

            // Then
            Document operations = Dashboard.awaitPage(
                    "/operations", page -> !page.text().contains(unread.reason().message()));
            assertThat(operations.text()).doesNotContain("is read from XNAT again");
        }
    }

    @Test
    void anOutageOfXnatEndsWhenIngestSaysSoAndByNoFormThatItChecksMeanwhile() {
        // Given
        ProcessingFailed away = ProcessingFailedBuilder.builder()
                .service("ingest")
                .stage("xnat")
                .kind(ProcessingFailed.Kind.TRANSIENT)
                .attempts(3)
                .reason(Reason.of("xnat-away", "XNAT did not answer /data/projects in 4 attempts"))
                .time(T)
                .cause(Optional.of("xnat-away/xnat"))
                .build();
        ProcessingFailed other = away.withCause(Optional.of("xnat-away/other"))
                .withReason(Reason.of("xnat-away", "XNAT did not answer /data/other in 4 attempts"));
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, away);
            publisher.publish(
                    "ingest",
                    T.plusSeconds(30),
                    form("FRM02_CMH_0009_01", 1, FormChecked.State.RECORDED, "is complete")
                            .withStudy("FRM02"));
            // All that is of no session is evaluated with this one.
            publisher.publish("ingest", T.plusSeconds(40), other.withTime(T.plusSeconds(40)));
            Document open = Dashboard.awaitPage(
                    "/operations", page -> page.text().contains(other.reason().message()));
            assertThat(open.text()).contains(away.reason().message());

            // When
            for (ProcessingFailed one : List.of(away, other)) {
                publisher.publish(
                        "ingest",
                        T.plusSeconds(60),
                        one.withReason(Reason.of("xnat-resumed", "XNAT answers again"))
                                .withTime(T.plusSeconds(60)));
            }

            // Then
            Dashboard.awaitPage("/operations", page -> !page.text().contains("XNAT did not answer /data/"));
        }
    }

    @Test
    void aPlannedSessionIsInTheInboxUntilItArrives() {
        // Given: one of two planned sessions is overdue
        String visit = "VIS01_CMH_0001_02";
        VisitChecked overdue = visit(visit, 1, VisitChecked.State.OVERDUE, "was due by 2026-11-20 and has not arrived");
        VisitChecked planned = visit("VIS01_CMH_0002_02", 1, VisitChecked.State.PLANNED, "is planned");
        EventFixtures fixtures = EventFixtures.of("VISIT_E1", "VIS01_CMH_0001_01_01");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, fixtures.name()));
            publisher.publish("qc", T, planned);
            publisher.publish("qc", T, overdue);
            Document inbox = Dashboard.awaitPage(
                    "/", page -> page.select("#visits").text().contains(visit));
            Document study = Dashboard.awaitPage(
                    "/studies/VIS01?visits=NAME",
                    page -> page.select("#visits tbody tr").size() == 2);
            assertThat(inbox.select("#visits").text())
                    .contains("Session " + visit + " was due by 2026-11-20 and has not arrived")
                    .doesNotContain("VIS01_CMH_0002_02");
            assertThat(study.select("#visits tbody th").eachText().stream()
                            .map(text -> text.replaceAll("[^A-Z0-9_]", "")))
                    .containsExactly(visit, "VIS01_CMH_0002_02");
            assertThat(study.select("#visits").text()).contains("1 overdue");

            // When
            publisher.publish(
                    "qc",
                    T.plusSeconds(60),
                    visit(visit, 2, VisitChecked.State.ARRIVED, "arrived").withSessions(List.of(visit + "_01")));

            // Then
            Document after = Dashboard.awaitPage(
                    "/studies/VIS01", page -> page.select("#visits").text().contains("nothing is overdue"));
            assertThat(after.select("#visits tbody a").eachAttr("href")).containsExactly("/search?q=" + visit + "_01");
            assertThat(Dashboard.page("/").select("#visits").text()).doesNotContain(visit);
        }
    }

    @Test
    void aFormWithoutScansIsInTheInboxUntilTheyArrive() {
        // Given: one form lacks its scans, one session has its form
        EventFixtures fixtures = EventFixtures.of("FORM_E1", "FRM01_CMH_0002_01_01");
        FormChecked complete = form("FRM01_CMH_0002_01", 1, FormChecked.State.COMPLETE, "is complete")
                .withSessions(List.of(fixtures.name()));
        FormChecked missing = form("FRM01_CMH_0001_01", 1, FormChecked.State.SCANS_MISSING, "has no scans");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, fixtures.name()));
            publisher.publish("ingest", T, complete);
            publisher.publish("ingest", T, missing);
            Document inbox = Dashboard.awaitPage(
                    "/", page -> page.select("#forms").text().contains(missing.form()));
            assertThat(inbox.select("#forms").text()).doesNotContain(complete.form());
            Document study = Dashboard.awaitPage(
                    "/studies/FRM01", page -> page.select("#forms tbody tr").size() == 2);
            assertThat(study.select("#forms").text()).contains("1 without scans");
            Document session =
                    Dashboard.awaitPage("/sessions/" + fixtures.session().identity(), page -> !page.select("#forms")
                            .isEmpty());
            assertThat(session.select("#forms").text()).contains("FRM01_CMH_0002_01 is complete");

            // When
            publisher.publish(
                    "ingest",
                    T.plusSeconds(60),
                    form(missing.form(), 2, FormChecked.State.COMPLETE, "is complete")
                            .withSessions(List.of(missing.form() + "_01")));

            // Then
            Dashboard.awaitPage(
                    "/studies/FRM01",
                    page -> page.select("#forms").text().contains("all forms and scans have each other"));
            assertThat(Dashboard.page("/").select("#forms").text()).doesNotContain(missing.form());
        }
    }

    private static FormChecked form(String name, long revision, FormChecked.State state, String message) {
        return FormCheckedBuilder.builder()
                .study("FRM01")
                .form(name)
                .formRevision(revision)
                .state(state)
                .records(List.of("12"))
                .sessions(List.of())
                .configRevision("r1")
                .reason(Reason.of("form", "The form of session " + name + " " + message))
                .build();
    }

    private static VisitChecked visit(String name, long revision, VisitChecked.State state, String message) {
        return VisitCheckedBuilder.builder()
                .study("VIS01")
                .visit(name)
                .visitRevision(revision)
                .state(state)
                .sessions(List.of())
                .source("Visits")
                .configRevision("r1")
                .reason(Reason.of("visit", "Session " + name + " " + message))
                .to(Optional.of(LocalDate.of(2026, 11, 20)))
                .build();
    }

    @Test
    void aNewExportEndsTheFailureOfFilesThatWereNotAsPublished() {
        // Given: the nightly pass found a changed image and a changed associated file
        EventFixtures fixtures = EventFixtures.of("DRIFT_E1", "SPN01_CMH_1081_01_01");
        SeriesExported exported = fixtures.exported("3", 1, "T1");
        ResourceExported resource = fixtures.exportedResource("notes.pdf");
        String path = resource.file().orElseThrow().path();
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, fixtures.name()));
            publisher.publish("ingest", T, fixtures.series("3", 1, "Sag T1"));
            publisher.publish("tagging", T.plusSeconds(1), fixtures.tagged("3", 1, "T1", "Sag T1"));
            publisher.publish("export", T.plusSeconds(5), exported);
            publisher.publish("ingest", T, fixtures.resource("notes.pdf"));
            publisher.publish("export", T.plusSeconds(5), resource);
            publisher.publish("export", T.plusSeconds(60), drift(fixtures, Optional.of("3"), "files of the scan"));
            publisher.publish("export", T.plusSeconds(60), drift(fixtures, Optional.empty(), path));
            Document drifted = Dashboard.awaitEvents(fixtures, 8);
            assertThat(drifted.select(".f-PERMANENT")).hasSize(2);

            // A failed attempt to create them again closes neither.
            publisher.publish(
                    "export",
                    T.plusSeconds(70),
                    exported.withRenewal(
                            Optional.of(new Reason("renewal-failed", "XNAT answers 403", "Give the right"))));
            Dashboard.awaitSession(fixtures, p -> p.select(".timeline").text().contains("XNAT answers 403"));
            assertThat(Dashboard.page(Dashboard.pathOf(fixtures)).select(".f-PERMANENT"))
                    .hasSize(2);

            // When: both are created again unchanged, so that the same events are published again
            publisher.publish("export", T.plusSeconds(90), exported);
            Document half = Dashboard.awaitSession(
                    fixtures, p -> p.select(".f-PERMANENT").size() == 1);
            publisher.publish("export", T.plusSeconds(95), resource);

            // Then
            Dashboard.awaitSession(fixtures, p -> p.select(".f-PERMANENT").isEmpty());
            assertThat(half.select("#series-3").text()).doesNotContain("failed");
            assertThat(half.select(".f-PERMANENT").text()).contains(path);
        }
    }

    @Test
    void aSeriesThatCouldNotBeMeasuredAndIsWithdrawnWaitsForNobody() {
        // Given
        EventFixtures fixtures = EventFixtures.of("MOOT_E1", "SPN01_CMH_1082_01_01");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, fixtures.name()));
            publisher.publish("ingest", T, fixtures.series("3", 1, "Sag T1"));
            publisher.publish("tagging", T.plusSeconds(1), fixtures.tagged("3", 1, "T1", "Sag T1"));
            publisher.publish("export", T.plusSeconds(5), fixtures.exported("3", 1, "T1"));
            publisher.publish(
                    "qc",
                    T.plusSeconds(9),
                    fixtures.failed("qc", "measure", Optional.of("3"), "cause", T.plusSeconds(9)));
            assertThat(Dashboard.awaitEvents(fixtures, 5).select(".f-PERMANENT"))
                    .hasSize(1);

            // When
            publisher.publish(
                    "export",
                    T.plusSeconds(20),
                    fixtures.exported("3", 2, "T1", SeriesExported.Outcome.WITHDRAWN, Optional.empty()));

            // Then
            Dashboard.awaitSession(fixtures, p -> p.select(".f-PERMANENT").isEmpty());
        }
    }

    @Test
    void anImageThatIsMeasuredAfterItsFilesWereMadeAgainIsNoFailureAnyMore() {
        // Given
        EventFixtures fixtures = EventFixtures.of("DRIFT_E2", "SPN01_CMH_1083_01_01");
        QcComplete result = fixtures.measured("3", 1, "T1", QcComplete.Level.PASS);
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, fixtures.name()));
            publisher.publish("ingest", T, fixtures.series("3", 1, "Sag T1"));
            publisher.publish("tagging", T.plusSeconds(1), fixtures.tagged("3", 1, "T1", "Sag T1"));
            publisher.publish("export", T.plusSeconds(5), fixtures.exported("3", 1, "T1"));
            publisher.publish("qc", T.plusSeconds(9), result);
            publisher.publish(
                    "qc",
                    T.plusSeconds(60),
                    fixtures.failed("qc", "measure", Optional.of("3"), "cause", T.plusSeconds(60)));
            Document failed = Dashboard.awaitEvents(fixtures, 6);

            // When
            publisher.publish("qc", T.plusSeconds(90), result);

            // Then
            assertThat(failed.select("#series-3 tr").first().text()).contains("failed");
            Document page = Dashboard.awaitSession(
                    fixtures, p -> p.select(".f-PERMANENT").isEmpty());
            assertThat(page.select("#series-3 tr").first().text()).contains("measured", "pass");
        }
    }

    @Test
    void rulesThatCouldNotBeAppliedAreClosedByALaterDecisionAndNotByARunThatEnds() {
        // Given
        EventFixtures fixtures = EventFixtures.of("RULES_E1", "SPN01_CMH_1085_01_01");
        ProcessingFailed failed = ProcessingFailedBuilder.builder()
                .service("pipeline")
                .stage("select")
                .kind(ProcessingFailed.Kind.PERMANENT)
                .attempts(3)
                .reason(new Reason("rules-not-applied", "They could not be applied", "Press 'Re-import'"))
                .time(T.plusSeconds(60))
                .session(Optional.of(fixtures.session()))
                .build();
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, fixtures.name()));
            publisher.publish("pipeline", T.plusSeconds(60), failed);
            publisher.publish("pipeline", T.plusSeconds(70), fixtures.run(PipelineUpdated.State.SUCCEEDED));
            Document ended = Dashboard.awaitEvents(fixtures, 3);
            assertThat(ended.select(".f-PERMANENT")).hasSize(1);

            // When
            publisher.publish(
                    "pipeline", T.plusSeconds(90), fixtures.waits("no verdict").withAttempt(2));

            // Then
            Document page = Dashboard.awaitEvents(fixtures, 4);
            assertThat(page.select(".f-PERMANENT")).isEmpty();
        }
    }

    @Test
    void whatABidsDatasetLacksIsClosedByTheUpdateThatItHasItAndByNoPipeline() {
        // Given
        EventFixtures fixtures = EventFixtures.of("BIDS_E1", "SPN01_CMH_1086_01_01");
        ProcessingFailed failed = ProcessingFailedBuilder.builder()
                .service("pipeline")
                .stage("datman:bids")
                .kind(ProcessingFailed.Kind.PERMANENT)
                .attempts(1)
                .reason(new Reason("bids-images-left-out", "One image is not in the BIDS dataset", "Blacklist it"))
                .time(T.plusSeconds(60))
                .session(Optional.of(fixtures.session()))
                .build();
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, fixtures.name()));
            publisher.publish("pipeline", T.plusSeconds(60), failed);
            publisher.publish("pipeline", T.plusSeconds(70), fixtures.run(PipelineUpdated.State.SUCCEEDED));
            Document open = Dashboard.awaitEvents(fixtures, 3);
            assertThat(open.select(".f-PERMANENT")).hasSize(1);

            // When
            publisher.publish(
                    "pipeline",
                    T.plusSeconds(90),
                    fixtures.run(PipelineUpdated.State.SUCCEEDED).withPipeline("datman:bids"));

            // Then
            Document page = Dashboard.awaitEvents(fixtures, 4);
            assertThat(page.select(".f-PERMANENT")).isEmpty();
        }
    }

    @Test
    void anEarlierFailureOrAlarmThatIsConsumedLaterReplacesNone() {
        // Given
        EventFixtures fixtures = EventFixtures.of("EARLIER_E1", "SPN01_CMH_1084_01_01");
        ProcessingFailed failed = fixtures.failed("export", "export", Optional.of("3"), "cause", T.plusSeconds(50));
        ProcessingFailed before = fixtures.failed("export", "export", Optional.of("3"), "cause", T.plusSeconds(20));
        QcAlarm alarm =
                fixtures.alarm("3", "T1", "efc", "efc has a second revision").withAlarmRevision(2);
        QcAlarm first = fixtures.alarm("3", "T1", "efc", "efc has a first revision");

        // When
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, fixtures.name()));
            publisher.publish("export", T.plusSeconds(50), failed);
            publisher.publish("export", T.plusSeconds(20), before);
            publisher.publish("qc", T.plusSeconds(50), alarm);
            publisher.publish("qc", T.plusSeconds(20), first);
        }

        // Then
        Document page = Dashboard.awaitEvents(fixtures, 5);
        assertThat(page.select(".f-PERMANENT time").eachAttr("datetime"))
                .containsExactly(T.plusSeconds(50).toString());
        assertThat(page.select(".f-ALARM").text()).contains("efc has a second revision");
    }

    private static ProcessingFailed drift(EventFixtures fixtures, Optional<String> scan, String cause) {
        return ProcessingFailedBuilder.builder()
                .service("export")
                .stage("fixity")
                .kind(ProcessingFailed.Kind.PERMANENT)
                .attempts(1)
                .reason(new Reason(
                        "files-changed",
                        "1 exported file(s) are not as they were published: " + cause,
                        "Reprocess: reconvert"))
                .time(T.plusSeconds(60))
                .session(Optional.of(fixtures.session()))
                .scan(scan)
                .cause(Optional.of(cause))
                .build();
    }
}
