package org.datman.ingest.redcap;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.arc.Arc;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.datman.contracts.event.FormChecked;
import org.datman.contracts.event.FormChecked.State;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionDiscoveredBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.VisitPlanned;
import org.datman.ingest.Lab;
import org.datman.ingest.TestClock;
import org.datman.ingest.published.SessionStore;
import org.datman.platform.study.Studies;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.simulator.redcap.RedcapStandIn;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a data entry trigger, or without one, to what is missing: with the stand-in for REDCap. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(Lab.class)
class RedcapTest {

    private static final String STUDY = """
            StudyTag: %s
            XnatProjects: [%s]
            Sites: {CMH: {}}
            Redcap: {Url: '%s', Project: '%s', Instrument: scan_completed, SessionField: par_id, DateField: date}
            """;

    private static final String PLANNING = """
            StudyTag: RDP
            XnatProjects: [RDP]
            Sites: {CMH: {}}
            """;

    private static final String PLAN = """
            Redcap:
              Url: '%s'
              Project: 77
              SubjectField: par_id
              Visits: {'02': {DateField: planned, Events: [visit_2_arm_1], Window: 7}}
            """;

    private static final String ENROLMENT = "enrolment_arm_1";
    private static final String SECOND = "visit_2_arm_1";
    private static final LocalDateTime LONG_AGO = LocalDateTime.of(2020, 1, 1, 12, 0);

    @Inject
    TestClock clock;

    @Inject
    RedcapForms forms;

    @Inject
    RedcapReading reading;

    @Inject
    SessionStore sessions;

    @Inject
    Studies studies;

    @ConfigProperty(name = "datman.studies")
    Path folder;

    /** One for all tests: a study file that is gone would wait for a person. */
    private static RedcapStandIn redcap;

    private static RedcapStandIn planning;

    private EventsOnKafka events;

    @BeforeAll
    static void start() throws Exception {
        redcap = new RedcapStandIn();
        planning = new RedcapStandIn();
    }

    @BeforeEach
    void begin() throws Exception {
        events = EventsOnKafka.ofTests();
        study("RDC", redcap);
    }

    private void study(String code, RedcapStandIn server) throws Exception {
        Path file = folder.resolve(code + ".yml");
        if (!Files.exists(file)) {
            Files.writeString(file, STUDY.formatted(code, code, server.url(), "42"));
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> studies.current().study(code).isPresent());
    }

    @AfterEach
    void end() {
        events.close();
    }

    /** Not before: what is due is due by a clock that never goes back. */
    @AfterAll
    static void stop() {
        redcap.close();
        planning.close();
        Arc.container().instance(TestClock.class).get().showRealTime();
    }

    @Test
    void aTriggerIsAHintAndTheFormIsReadFromTheAddressOfTheStudyFileAlone() {
        // Given
        String session = session();
        due();
        redcap.save("12", "", session.toLowerCase(Locale.ROOT), "2026-11-18", "2", changed());

        // When: with addresses that are not the lab's
        Response answer =
                trigger(Lab.REDCAP_SECRET, Map.of("record", "12", "project_id", "42", "instrument", "scan_completed"));

        // Then
        answer.then().statusCode(202).body("result", equalTo("accepted"));
        FormChecked form = await(session, State.RECORDED);
        assertThat(form.records()).containsExactly("12");
        assertThat(form.date()).contains(LocalDate.of(2026, 11, 18));
        assertThat(form.toString()).doesNotContain("Doe");
        assertThat(redcap.requests())
                .anySatisfy(request -> assertThat(request).containsEntry("records[0]", "12"))
                .allSatisfy(request -> assertThat(request.values()).doesNotContain("cmts"));
    }

    @Test
    void aFormWithoutScansIsAFactAfterTheDelayUntilTheyCome() {
        // Given: no trigger came, as after an import of data
        String session = session();
        redcap.save("20", "", session, "2026-11-18", "2", changed());
        due();
        await(session, State.RECORDED);
        due(Duration.ofHours(49));
        FormChecked missing = await(session, State.SCANS_MISSING);

        // When
        arrive(session + "_01");
        due();

        // Then
        FormChecked complete = await(session, State.COMPLETE);
        assertThat(missing.reason().code()).isEqualTo("scans-missing");
        assertThat(complete.sessions()).containsExactly(session + "_01");
    }

    @Test
    void aLostTriggerADeletedRecordAndAFormThatIsNoLongerCompleteAreFound() {
        // Given: the first reading of all forms has been
        String kept = session();
        String reset = session();
        redcap.save("30", "", kept, "2026-11-18", "2", changed());
        redcap.save("31", "", reset, "2026-11-18", "2", changed());
        due();
        await(kept, State.RECORDED);
        await(reset, State.RECORDED);

        // When
        String late = session();
        redcap.save("31", "", reset, "2026-11-18", "1", changed());
        redcap.save("32", "", late, "2026-11-18", "2", changed());
        due();

        // Then: by what changed since; the deleted one by the daily reading of all
        await(late, State.RECORDED);
        await(reset, State.WITHDRAWN);
        redcap.delete("30");
        due(Duration.ofHours(25));
        await(kept, State.WITHDRAWN);
        assertThat(redcap.requests()).anySatisfy(request -> assertThat(request).containsKey("dateRangeBegin"));
    }

    @Test
    void whatRedcapRefusesOrHidesIsAFactUntilItAnswersAgain() {
        // Given
        String session = session();
        redcap.save("40", "", session, "2026-11-18", "2", changed());
        due();
        await(session, State.RECORDED);
        redcap.hide("par_id");
        due();
        FormChecked hidden = await("REDCap", State.UNREADABLE);

        // When
        redcap.hide();
        redcap.answerWith(502);
        due();
        FormChecked down = events.await(
                        FormChecked.class,
                        form -> form.study().equals("RDC")
                                && form.form().equals("REDCap")
                                && form.formRevision() > hidden.formRevision())
                .event();
        redcap.answerWith(200);
        due();

        // Then: the form was kept all the time
        assertThat(hidden.reason().message()).contains("no field par_id");
        assertThat(down.reason().message()).contains("HTTP 502");
        events.await(
                FormChecked.class,
                form -> form.study().equals("RDC")
                        && form.form().equals("REDCap")
                        && form.state() == State.WITHDRAWN
                        && form.formRevision() > down.formRevision());
        assertThat(events.all(FormChecked.class))
                .filteredOn(form -> form.event().form().equals(session))
                .extracting(form -> form.event().state())
                .containsOnly(State.RECORDED);
    }

    @Test
    void aStudyWhoseRedcapDoesNotComeToAnEndDelaysNoOther() throws Exception {
        // Given
        try (RedcapStandIn stalled = new RedcapStandIn()) {
            stalled.trickle();
            study("RDS", stalled);
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !stalled.requests()
                    .isEmpty());
            String session = session();

            // When
            redcap.save("50", "", session, "2026-11-18", "2", changed());
            clock.advance(Duration.ofMinutes(11));

            // Then
            await(session, State.RECORDED);
            assertThat(stalled.requests()).as("the first one still waits").hasSize(1);
        }
    }

    @Test
    void aTriggerThatRedcapRefusesIsDroppedAloneAndHoldsUpNothing() {
        // Given
        due();
        String session = session();
        redcap.save("61", "", session, "2026-11-18", "2", changed());
        redcap.refuse("60");
        for (String record : List.of("60", "61")) {
            QuarkusTransaction.requiringNew().run(() -> forms.triggered("RDC", record, clock.instant()));
        }

        // When
        reading.begin().forEach(CompletableFuture::join);

        // Then
        redcap.refuse("");
        FormChecked dropped = await("record 60", State.UNREADABLE);
        await(session, State.RECORDED);
        assertThat(dropped.reason().message()).contains("HTTP 400");
        assertThat(waiting("RDC")).doesNotContain("60", "61");
    }

    @Test
    void theFormsOfARecordThatRedcapRefusesLaterStay() {
        // Given
        String session = session();
        redcap.save("65", "", session, "2026-11-18", "2", changed());
        due();
        await(session, State.RECORDED);
        redcap.refuse("65");
        QuarkusTransaction.requiringNew().run(() -> forms.triggered("RDC", "65", clock.instant()));

        // When
        reading.begin().forEach(CompletableFuture::join);

        // Then
        redcap.refuse("");
        await("record 65", State.UNREADABLE);
        assertThat(events.all(FormChecked.class))
                .filteredOn(form -> form.event().form().equals(session))
                .extracting(form -> form.event().state())
                .containsOnly(State.RECORDED);
    }

    @Test
    void whatChangedIsReadThoughTheRecordsOfTriggersCannotBe() {
        // Given
        due();
        String session = session();
        redcap.save("71", "", session, "2026-11-18", "2", changed());
        redcap.failOnRecords(true);
        QuarkusTransaction.requiringNew().run(() -> forms.triggered("RDC", "70", clock.instant()));

        // When
        due();

        // Then
        redcap.failOnRecords(false);
        await(session, State.RECORDED);
        events.await(
                FormChecked.class,
                form -> form.form().equals("REDCap") && form.reason().message().contains("HTTP 503"));
        assertThat(waiting("RDC")).contains("70");
        due();
        assertThat(waiting("RDC")).isEmpty();
    }

    @Test
    void aStudyThatExpectsNoFormsAnyMoreStoresNoTriggers() throws Exception {
        // Given
        QuarkusTransaction.requiringNew().run(() -> forms.triggered("GONE", "80", clock.instant()));
        Files.writeString(
                folder.resolve("RDX.yml"), STUDY.formatted("RDX", "RDX", redcap.url(), "43") + "IsOpen: false\n");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> studies.current().study("RDX").isPresent());

        // When
        String answer = trigger(
                        Lab.REDCAP_SECRET, Map.of("record", "81", "project_id", "43", "instrument", "scan_completed"))
                .path("result");
        due();

        // Then
        assertThat(answer).isEqualTo("ignored");
        assertThat(waiting("RDX")).isEmpty();
        assertThat(waiting("GONE")).isEmpty();
    }

    private List<String> waiting(String study) {
        return QuarkusTransaction.requiringNew().call(() -> forms.waiting(study, 100));
    }

    @Test
    void aRecordOfATriggerThatRedcapDoesNotHaveIsAFact() {
        // Given
        due();
        String record = "lost-" + UUID.randomUUID();

        // When
        trigger(Lab.REDCAP_SECRET, Map.of("record", record, "project_id", "42", "instrument", "scan_completed"))
                .then()
                .statusCode(202);

        // Then
        assertThat(await("record " + record, State.UNREADABLE).reason().code()).isEqualTo("form-not-assigned");
    }

    @Test
    void aTriggerIsRefusedUnlessItHasTheSecretAndIsOfAStudy() {
        // Given
        Map<String, String> good = Map.of("record", "12", "project_id", "42", "instrument", "scan_completed");

        // When
        List<Integer> answers = List.of(
                given().formParams(good).post("/webhooks/redcap").statusCode(),
                trigger("guess", good).statusCode(),
                trigger(Lab.REDCAP_SECRET, Map.of("record", "12", "project_id", "42"))
                        .statusCode(),
                trigger(Lab.REDCAP_SECRET, Map.of("record", "12", "project_id", "7", "instrument", "scan_completed"))
                        .statusCode(),
                trigger(Lab.REDCAP_SECRET, Map.of("record", "12", "project_id", "42", "instrument", "other"))
                        .statusCode());

        // Then: the last is another form of the project, which is nobody's fault
        assertThat(answers).containsExactly(401, 401, 400, 404, 202);
    }

    @Test
    void aDayInRedcapIsAPlannedVisitThatFollowsItsChangesAndGoesWithItsRecord() throws Exception {
        // Given
        plan();
        String subject = subject();
        String record = UUID.randomUUID().toString();
        planning.plan(record, ENROLMENT, subject, "", LONG_AGO);
        planning.plan(record, SECOND, "", "2026-11-10", LONG_AGO);
        due();
        VisitPlanned planned = awaitVisit(subject + "_02", VisitPlanned.State.PLANNED, 0);
        planning.plan(record, SECOND, "", "2026-11-20", LONG_AGO);
        due();
        VisitPlanned moved = awaitVisit(subject + "_02", VisitPlanned.State.PLANNED, planned.visitRevision());

        // When
        planning.delete(record);
        planning.plan("other " + record, SECOND, subject(), "2026-11-10", LONG_AGO);
        due();

        // Then
        VisitPlanned gone = awaitVisit(subject + "_02", VisitPlanned.State.WITHDRAWN, moved.visitRevision());
        assertThat(planned.from()).contains(LocalDate.of(2026, 11, 3));
        assertThat(planned.to()).contains(LocalDate.of(2026, 11, 17));
        assertThat(moved.to()).contains(LocalDate.of(2026, 11, 27));
        assertThat(gone.to()).isEmpty();
        assertThat(List.of(planned, moved, gone).toString()).doesNotContain("Doe");
        assertThat(planning.requests())
                .allSatisfy(request -> assertThat(request.values()).doesNotContain("cmts"));
    }

    @Test
    void aRecordThatCannotBeReadIsAFactUntilItIsCorrectedAndHidesNoOther() throws Exception {
        // Given
        plan();
        String subject = subject();
        String record = UUID.randomUUID().toString();
        String other = subject();
        planning.plan(record, SECOND, "Mary Doe", "2026-11-10", LONG_AGO);
        planning.plan("other " + record, SECOND, other, "", LONG_AGO);
        due();
        VisitPlanned unreadable = awaitVisit("record " + record, VisitPlanned.State.UNREADABLE, 0);
        VisitPlanned undated = awaitVisit(other + "_02", VisitPlanned.State.UNDATED, 0);

        // When
        planning.plan(record, SECOND, subject, "2026-11-10", LONG_AGO);
        planning.plan("other " + record, SECOND, other, "2026-11-10", LONG_AGO);
        due();

        // Then
        awaitVisit(subject + "_02", VisitPlanned.State.PLANNED, 0);
        awaitVisit(other + "_02", VisitPlanned.State.PLANNED, undated.visitRevision());
        awaitVisit("record " + record, VisitPlanned.State.WITHDRAWN, unreadable.visitRevision());
        assertThat(unreadable.reason().message()).contains("par_id").doesNotContain("Mary", "MARY");
        assertThat(undated.reason().message()).contains("field planned of record other " + record + " is empty");
    }

    @Test
    void aRedcapThatIsAwayOrEmptyLeavesThePlanInForceAndIsTold() throws Exception {
        // Given
        plan();
        String subject = subject();
        String record = UUID.randomUUID().toString();
        planning.plan(record, SECOND, subject, "2026-11-10", LONG_AGO);
        due();
        VisitPlanned planned = awaitVisit(subject + "_02", VisitPlanned.State.PLANNED, 0);
        planning.answerWith(502);
        due();
        VisitPlanned away = awaitVisit("REDCap", VisitPlanned.State.UNREADABLE, 0);
        planning.answerWith(200);
        planning.hide("planned");
        due();
        VisitPlanned hidden = awaitVisit("REDCap", VisitPlanned.State.UNREADABLE, away.visitRevision());
        planning.hide();
        planning.empty(true);
        due();
        VisitPlanned empty = awaitVisit("REDCap", VisitPlanned.State.UNREADABLE, hidden.visitRevision());

        // When
        planning.empty(false);
        due();

        // Then: nothing else was published of the visit
        awaitVisit("REDCap", VisitPlanned.State.WITHDRAWN, empty.visitRevision());
        assertThat(away.reason().message()).contains("HTTP 502", "the visits that were read before apply");
        assertThat(hidden.reason().code()).isEqualTo("redcap-field-absent");
        assertThat(empty.reason().code()).isEqualTo("redcap-empty");
        assertThat(events.all(VisitPlanned.class))
                .filteredOn(event -> event.event().visit().equals(planned.visit()))
                .extracting(event -> event.event().visitRevision())
                .containsOnly(planned.visitRevision());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Redcap: {Url: '%s', Project: 77, Instrument: a, SessionField: par_id, DateField: date}"})
    void aStudyFileThatPlansNothingInRedcapAnyMoreTakesTheVisitsAway(String redcapKey) throws Exception {
        // Given
        plan();
        String subject = subject();
        planning.plan(UUID.randomUUID().toString(), SECOND, subject, "2026-11-10", LONG_AGO);
        due();
        VisitPlanned planned = awaitVisit(subject + "_02", VisitPlanned.State.PLANNED, 0);

        // When
        Files.writeString(folder.resolve("RDP.yml"), PLANNING + redcapKey.formatted(planning.url()));

        // Then
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> studies.current()
                .study("RDP")
                .filter(study -> study.findRedcapPlan().isEmpty())
                .isPresent());
        due();
        awaitVisit(subject + "_02", VisitPlanned.State.WITHDRAWN, planned.visitRevision());
    }

    @Test
    void aTriggerOfAProjectThatOnlyPlansIsNobodysFault() throws Exception {
        // Given
        plan();

        // When
        int status = trigger(Lab.REDCAP_SECRET, Map.of("record", "12", "project_id", "77", "instrument", "schedule"))
                .statusCode();

        // Then
        assertThat(status).isEqualTo(202);
    }

    /** A study that expects no form, and whose visits are planned in REDCap. */
    private void plan() throws Exception {
        Files.writeString(folder.resolve("RDP.yml"), PLANNING + PLAN.formatted(planning.url()));
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> studies.current()
                .study("RDP")
                .filter(study -> study.findRedcapPlan().isPresent())
                .isPresent());
    }

    private static String subject() {
        return "RDP_CMH_" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);
    }

    private VisitPlanned awaitVisit(String visit, VisitPlanned.State state, long after) {
        return events.await(
                        VisitPlanned.class,
                        event -> event.study().equals("RDP")
                                && event.visit().equals(visit)
                                && event.state() == state
                                && event.visitRevision() > after)
                .event();
    }

    private static Response trigger(String secret, Map<String, String> fields) {
        return given().auth()
                .preemptive()
                .basic("datman", secret)
                .formParams(fields)
                .formParam("redcap_url", "http://attacker.example.org/")
                .formParam("project_url", "http://attacker.example.org/redcap_v14.0.0/index.php?pid=42")
                .formParam("username", "someone")
                .formParam("scan_completed_complete", "2")
                .post("/webhooks/redcap");
    }

    /** Everything is due now: the interval has passed. */
    private void due() {
        due(Duration.ofMinutes(11));
    }

    private void due(Duration by) {
        clock.advance(by);
        // One that is under way may have begun before.
        reading.begin().forEach(CompletableFuture::join);
        reading.begin().forEach(CompletableFuture::join);
    }

    private LocalDateTime changed() {
        return LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private static String session() {
        return "RDC_CMH_" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT) + "_01";
    }

    private FormChecked await(String about, State state) {
        return events.await(
                        FormChecked.class,
                        form -> form.study().equals("RDC") && form.form().equals(about) && form.state() == state)
                .event();
    }

    private void arrive(String name) {
        SessionDiscovered discovered = SessionDiscoveredBuilder.builder()
                .session(new SessionRef("xnat", "R" + UUID.randomUUID()))
                .sessionRevision(1)
                .status(SessionDiscovered.Status.PRESENT)
                .project("RDC")
                .subjectLabel("subject")
                .label(name)
                .phantom(false)
                .configRevision("config")
                .study(Optional.of("RDC"))
                .site(Optional.of("CMH"))
                .name(Optional.of(name))
                .date(Optional.of(LocalDate.of(2026, 11, 18)))
                .build();
        QuarkusTransaction.requiringNew().run(() -> sessions.store(discovered));
    }
}
