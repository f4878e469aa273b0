package org.datman.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.archive.RunningLog;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.PipelineAnswered;
import org.datman.contracts.event.PipelineCancelled;
import org.datman.contracts.event.PipelinePaused;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineRequestedBuilder;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.PipelineUpdated.State;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.dashboard.fixture.FixturePublisher;
import org.datman.imaging.nifti.NiftiDataType;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiWriter;
import org.datman.platform.archive.Archive;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.jdbi.v3.core.Jdbi;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What people decide about pipelines and their runs. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class PipelineDecisionsTest {

    private static final Instant T = EventFixtures.START;
    private static final String PIPELINE = "brain-volume";

    @Inject
    Jdbi jdbi;

    @Inject
    Archive archive;

    @Test
    void aRunIsCancelledOnceFromItsPageWithAReason() {
        // Given
        EventFixtures fixtures = session("PIP_E1", "PIP01_CMH_0001_01_01", State.RUNNING, null);
        Document page = Dashboard.awaitSession(fixtures, p -> p.selectFirst(cancelling()) != null);
        Element form = page.selectFirst(cancelling());

        // When
        Response without = cancel(form, " ");
        Response first = cancel(form, "Wrong licence");
        Response second = cancel(form, "Wrong licence");

        // Then
        assertThat(without.statusCode()).isEqualTo(409);
        assertThat(List.of(first.statusCode(), second.statusCode())).containsOnly(200);
        Document after = Dashboard.page(Dashboard.pathOf(fixtures));
        assertThat(after.text()).contains("It is being cancelled by admin", "('Wrong licence')");
        assertThat(after.selectFirst(cancelling())).isNull();
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            PipelineCancelled event = events.await(
                            PipelineCancelled.class, e -> e.session().equals(fixtures.session()))
                    .event();
            assertThat(event.pipeline()).isEqualTo(PIPELINE);
            assertThat(event.attempt()).isEqualTo(1);
            assertThat(events.all(PipelineCancelled.class))
                    .extracting(Envelope::event)
                    .filteredOn(e -> e.session().equals(fixtures.session()))
                    .hasSize(1);
        }
    }

    @Test
    void aRunThatHasEndedCannotBeCancelled() {
        // Given
        EventFixtures fixtures = session("PIP_E2", "PIP01_CMH_0002_01_01", State.SUCCEEDED, null);
        Dashboard.awaitSession(fixtures, p -> p.text().contains(PIPELINE));

        // When
        Response refused = Dashboard.loggedIn()
                .contentType("application/json")
                .body("{\"reason\": \"Too late\"}")
                .post("/api" + Dashboard.pathOf(fixtures) + "/pipelines/" + PIPELINE + "/cancel");

        // Then
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.asString()).contains("No run of brain-volume is queued or running for this session now");
    }

    @Test
    void aQueuedRunSaysWhoPausedItsPipelineUntilItIsResumed() {
        // Given
        EventFixtures fixtures = session("PIP_E3", "PIP01_CMH_0003_01_01", State.QUEUED, null);
        Dashboard.awaitSession(fixtures, p -> p.text().contains("It waits for a free worker"));
        EventFixtures startedAgain = session(
                "PIP_E9",
                "PIP01_CMH_0009_01_01",
                State.QUEUED,
                Reason.of("node-lost", "Its node was lost; the next start is not before 2026-11-02T10:00:00Z"));
        Dashboard.awaitSession(startedAgain, p -> p.text().contains("Its node was lost"));
        String before = reasonInApi(startedAgain);

        // When
        Response paused = pause("PAUSED", "The cluster is maintained");
        Response again = pause("PAUSED", "Twice");

        // Then
        assertThat(paused.statusCode()).as(paused.asString()).isEqualTo(200);
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(Dashboard.page(Dashboard.pathOf(fixtures)).text())
                .contains("Its pipeline is paused by admin", "('The cluster is maintained')");
        assertThat(before)
                .isEqualTo("Its node was lost; the next start is not before 2026-11-02T10:00:00Z")
                .isSubstringOf(reasonInApi(startedAgain));
        assertThat(Dashboard.page(Dashboard.pathOf(startedAgain)).text())
                .contains(reasonInApi(startedAgain), "10:00:00Z. Its pipeline is paused by admin");
        assertThat(Dashboard.page("/studies/PIP01/pipelines").text())
                .contains("paused by admin", "priority 3, at most 2 at a time", "Resume brain-volume");
        assertThat(pause("RESUMED", "It is back").statusCode()).isEqualTo(200);
        assertThat(Dashboard.page(Dashboard.pathOf(fixtures)).text())
                .doesNotContain("Its pipeline is paused")
                .contains("It waits for a free worker");
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            assertThat(events.awaitAll(PipelinePaused.class, e -> e.study().equals("PIP01"), 2))
                    .extracting(event -> event.event().decision())
                    .containsExactly(PipelinePaused.Decision.PAUSED, PipelinePaused.Decision.RESUMED);
        }
    }

    @Test
    void exactlyTheFailedRunsThatWereListedAreRunAgainAndStandInTheInbox() {
        // Given one that failed, one that was cancelled, one that succeeded, and one that fails after the list was made
        FileRef log = new FileRef(FileRole.LOG, "PIP01/pipelines/t/logs/attempt-1.stderr.txt", 5, "a".repeat(64));
        Reason exit = new Reason("exit-code", "t 1.0 ended with exit code 7; its last lines: no licence", "Read it");
        EventFixtures failed = session("PIP_E4", "PIP01_CMH_0004_01_01", State.FAILED, exit, log);
        EventFixtures cancelled = session(
                "PIP_E5", "PIP01_CMH_0005_01_01", State.FAILED, Reason.of("cancelled-by-person", "Cancelled by jdoe"));
        EventFixtures done = session("PIP_E6", "PIP01_CMH_0006_01_01", State.SUCCEEDED, null);
        for (EventFixtures fixtures : List.of(failed, cancelled, done)) {
            Dashboard.awaitSession(fixtures, p -> p.text().contains(PIPELINE));
        }
        String address = "/api/studies/PIP01/pipelines/" + PIPELINE;
        String until = Dashboard.loggedIn().get(address + "/failed").jsonPath().getString("until");
        Document inbox = Dashboard.page("/");
        EventFixtures later = session("PIP_E7", "PIP01_CMH_0007_01_01", State.FAILED, exit, log);
        Dashboard.awaitPage(
                "/studies/PIP01/pipelines?failed=" + PIPELINE, p -> p.text().contains(later.name()));

        // When
        Response response = Dashboard.loggedIn()
                .contentType("application/json")
                .body("{\"until\": \"" + until + "\"}")
                .post(address + "/retry-failed");

        // Then
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
        assertThat(response.jsonPath().getList("session.accession")).containsExactly("PIP_E4");
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            ReprocessRequested request = events.await(
                            ReprocessRequested.class, e -> e.session().equals(failed.session()))
                    .event();
            assertThat(request.pipeline()).contains(PIPELINE);
        }
        Element row = inbox.selectFirst("#runs tr:contains(" + failed.name() + ")");
        assertThat(row.text()).contains("no licence", "Run again");
        assertThat(row.select("a[href*=attempt-1.stderr.txt]")).hasSize(1);
        assertThat(inbox.select("#runs").text()).doesNotContain(cancelled.name());
        Response dismissed = Dashboard.loggedIn()
                .formParam("server", failed.session().server())
                .formParam("accession", "PIP_E4")
                .formParam("pipeline", PIPELINE)
                .formParam("runKey", row.select("[name=runKey]").attr("value"))
                .formParam("attempt", "1")
                .post("/pipelines/dismiss");
        assertThat(dismissed.statusCode()).as(dismissed.asString()).isEqualTo(200);
        assertThat(Dashboard.page("/").select("#runs").text()).doesNotContain(failed.name());
        // Another run, as of corrected inputs, counts its attempts from 1 again: its failure is another one.
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish(
                    "pipeline",
                    Instant.now(),
                    failed.run(State.FAILED).withRunKey("b".repeat(64)).withReason(Optional.of(exit)));
        }
        Dashboard.awaitPage("/", p -> p.select("#runs").text().contains(failed.name()));
    }

    @Test
    void aManualStepTakesACorrectedFileOfTheSameGridAndNoOther() throws IOException {
        // Given
        Archive archive = new Archive(Path.of("target/archive"));
        String place = "PIP01/corrected/PIP01_CMH_0032_01_01/checked-bbbbbbbbbbbb/mask/mask.nii";
        FileRef mask = archive.write(FileRole.OUTPUT, "PIP01/pipelines/t/1/mask.nii", nifti(4));
        EventFixtures fixtures = manualStep("PIP_E32", "PIP01_CMH_0032_01_01", mask, place);
        Dashboard.awaitPage("/", p -> p.select("#steps").text().contains(fixtures.name()));

        // When
        Response missing = answer(fixtures, "CORRECTED");
        archive.write(FileRole.OUTPUT, place, nifti(5));
        Response otherGrid = answer(fixtures, "CORRECTED");
        FileRef corrected = archive.write(FileRole.OUTPUT, place, nifti(4));
        Response taken = answer(fixtures, "CORRECTED");
        Response again = answer(fixtures, "CORRECTED");
        Response otherwise = answer(fixtures, "ACCEPTED");

        // Then
        assertThat(missing.asString()).contains("There is no corrected file in the archive yet. Put it at " + place);
        assertThat(otherGrid.asString()).contains(place + " has another grid than " + mask.path());
        assertThat(List.of(missing.statusCode(), otherGrid.statusCode(), taken.statusCode()))
                .containsExactly(409, 409, 200);
        assertThat(taken.asString()).contains("Answered with the corrected " + place);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(otherwise.statusCode()).isEqualTo(409);
        assertThat(otherwise.asString()).contains(PIPELINE + " is answered already: corrected by admin on");
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            PipelineAnswered event = events.await(
                            PipelineAnswered.class, e -> e.session().equals(fixtures.session()))
                    .event();
            assertThat(event.corrected()).isEqualTo(Map.of("mask", corrected));
            assertThat(event.answeredBy()).isEqualTo("admin");
        }
    }

    @Test
    void aManualStepIsAnsweredFromItsPageAndAskedAgain() throws IOException {
        // Given
        FileRef mask = new FileRef(FileRole.OUTPUT, "PIP01/pipelines/t/2/mask.nii", 5, "a".repeat(64));
        EventFixtures fixtures = manualStep("PIP_E31", "PIP01_CMH_0031_01_01", mask, "PIP01/corrected/x/mask.nii");
        Document page = Dashboard.awaitSession(fixtures, p -> p.selectFirst(answering("ACCEPTED")) != null);

        // When
        Response accepted = answer(fixtures, "ACCEPTED");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            // A later answer, to other files, is not that of the run.
            publisher.publish(
                    "dashboard",
                    Instant.now(),
                    new PipelineAnswered(
                            fixtures.session(),
                            "PIP01",
                            PIPELINE,
                            "d".repeat(64),
                            PipelineAnswered.Answer.ACCEPTED,
                            Map.of(),
                            "somebody-else",
                            Instant.now().plusSeconds(60)));
            publisher.publish(
                    "pipeline",
                    Instant.now(),
                    PipelineRequestedBuilder.builder()
                            .session(fixtures.session())
                            .study("PIP01")
                            .sessionName("PIP01_CMH_0031_01_01")
                            .pipeline(PIPELINE)
                            .tool("manual")
                            .toolVersion("1")
                            .descriptorSha256("d".repeat(64))
                            .parameters(Map.of("answer", "accepted by admin on 2026-11-30, to " + "b".repeat(64)))
                            .inputs(Map.of())
                            .runKey("c".repeat(64))
                            .requestedBy(PipelineRequested.BY_RULES)
                            .requestId("rules-1")
                            .configRevision("rev")
                            .time(Instant.now())
                            .sets(Optional.empty())
                            .image(Optional.empty())
                            .build());
            publisher.publish(
                    "pipeline", Instant.now(), fixtures.run(State.SUCCEEDED).withRunKey("c".repeat(64)));
        }

        // Then
        assertThat(page.selectFirst(answering("CORRECTED"))).isNotNull();
        assertThat(accepted.statusCode()).as(accepted.asString()).isEqualTo(200);
        Document after = Dashboard.awaitSession(fixtures, p -> p.selectFirst(answering("REOPENED")) != null);
        assertThat(after.text()).contains("accepted by admin on");
        assertThat(answers(fixtures))
                .as("the key is that of the answer, not of the run")
                .containsExactly("b".repeat(64));
        assertThat(answer(fixtures, "ACCEPTED").asString()).contains("does not wait for a person for this session now");
        assertThat(answer(fixtures, "REOPENED").statusCode()).isEqualTo(200);
        assertThat(answer(fixtures, "REOPENED").statusCode()).isEqualTo(409);
        assertThat(answers(fixtures)).isEmpty();
    }

    /** Keys of the answers that hold. */
    private static List<String> answers(EventFixtures fixtures) {
        return Dashboard.loggedIn()
                .get("/api/sessions/" + fixtures.session().server() + "/"
                        + fixtures.session().accession())
                .jsonPath()
                .getList("answers.runKey");
    }

    private static String answering(String answer) {
        return "form[hx-post=/pipelines/answer] button[value=" + answer + "]";
    }

    private static Response answer(EventFixtures fixtures, String answer) {
        return Dashboard.loggedIn()
                .formParam("server", fixtures.session().server())
                .formParam("accession", fixtures.session().accession())
                .formParam("pipeline", PIPELINE)
                .formParam("runKey", "b".repeat(64))
                .formParam("answer", answer)
                .post("/pipelines/answer");
    }

    /** A session with a manual step that waits for a person. */
    private static EventFixtures manualStep(String accession, String name, FileRef file, String place) {
        EventFixtures fixtures = EventFixtures.of(accession, name);
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, name));
            publisher.publish(
                    "pipeline",
                    T.plusSeconds(1),
                    fixtures.run(State.WAITING)
                            .withRunKey("b".repeat(64))
                            .withReason(Optional.of(new Reason("manual-step", "It waits for a person: Look", "Look")))
                            .withOutputs(List.of(file))
                            .withPlaces(Optional.of(Map.of("mask", place))));
        }
        return fixtures;
    }

    /** An image with so many voxels along each axis. */
    private static byte[] nifti(int side) throws IOException {
        NiftiHeader header = NiftiHeader.of(
                NiftiDataType.UINT8,
                new double[][] {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}},
                side,
                side,
                side);
        Path file = Files.createTempFile("mask", ".nii");
        try {
            NiftiWriter.write(file, header, List.of(new float[side * side * side]));
            return Files.readAllBytes(file);
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void whatIsAskedOfARunMustBeThereAndSaid() {
        // Given
        EventFixtures fixtures = session("PIP_E8", "PIP01_CMH_0008_01_01", State.SUCCEEDED, null);
        Dashboard.awaitSession(fixtures, p -> p.text().contains(PIPELINE));

        // When
        Response unknown = Dashboard.loggedIn()
                .contentType("application/json")
                .body("{}")
                .post("/api" + Dashboard.pathOf(fixtures) + "/pipelines/nosuch/run");
        Response undecided = Dashboard.loggedIn()
                .formParam("study", "PIP01")
                .formParam("pipeline", PIPELINE)
                .formParam("reason", "No decision was sent")
                .post("/pipelines/pause");

        // Then
        assertThat(unknown.statusCode()).isEqualTo(409);
        assertThat(unknown.asString()).contains("has no pipeline 'nosuch'");
        assertThat(undecided.statusCode()).isEqualTo(400);
    }

    @Test
    void thePageOfASessionShowsTheImageInWhichItsToolRan() {
        // Given
        EventFixtures fixtures = session("PIP_E10", "PIP01_CMH_0010_01_01", State.SUCCEEDED, null);
        PipelineUpdated run = fixtures.run(State.SUCCEEDED);
        String image = "quay.io/lab/volume@sha256:" + "c".repeat(64);
        PipelineRequested request = PipelineRequestedBuilder.builder()
                .session(run.session())
                .study(run.study())
                .sessionName(run.sessionName())
                .pipeline(run.pipeline())
                .tool(run.tool())
                .toolVersion(run.toolVersion())
                .descriptorSha256("d".repeat(64))
                .parameters(Map.of())
                .inputs(Map.of())
                .runKey(run.runKey())
                .requestedBy(PipelineRequested.BY_RULES)
                .requestId("rules-1")
                .configRevision("1")
                .time(T)
                .image(Optional.of(image))
                .build();

        // When
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("pipeline", T, request);
            publisher.publish("pipeline", T, request.withRunKey("e".repeat(64)).withImage(Optional.of("lab/other")));
        }

        // Then
        Document page = Dashboard.awaitEvents(fixtures, 4);
        assertThat(page.text().replace("\u200b", "")).contains("fslstats 1.0 in " + image);
    }

    @Test
    void runsOfALargeStudyAreListedWithoutEnd() {
        // Given more than are read at a time, many of one name
        int runs = 12_001;
        insert(runs, State.NOT_APPLICABLE, "datman:none");

        // When
        Response all = Dashboard.loggedIn().get("/api/runs?study=PIP01&state=NOT_APPLICABLE");

        // Then
        remove();
        assertThat(all.statusCode()).isEqualTo(200);
        assertThat(new HashSet<>(all.jsonPath().getList("session"))).hasSize(runs);
    }

    @Test
    void thePageOfFailedRunsSaysHowManyItDoesNotList() {
        // Given
        insert(612, State.FAILED, "other-volume");

        // When
        Document page = Dashboard.page("/studies/PIP01/pipelines?failed=other-volume");

        // Then
        remove();
        assertThat(page.select("#failed tbody tr")).hasSize(500);
        assertThat(page.select("#failed").text()).contains("Run these 612 again", "And 112 more");
    }

    private void insert(int runs, State state, String pipeline) {
        jdbi.useHandle(handle -> handle.execute(
                "insert into latest_run select 'bulk/' || i, ?, 'PIP01', 'PIP01_CMH_' || (i / 100), 't', 'k', 1, ?, '',"
                        + " '', '', '', '', now() from generate_series(1, ?) i",
                pipeline,
                state.name(),
                runs));
    }

    private void remove() {
        jdbi.useHandle(handle -> handle.execute("delete from latest_run where session like 'bulk/%'"));
    }

    private static String reasonInApi(EventFixtures fixtures) {
        return Dashboard.loggedIn()
                .get("/api/runs?session=" + fixtures.session().accession())
                .jsonPath()
                .getString("[0].reason");
    }

    private static String cancelling() {
        return "form[hx-post=/pipelines/cancel]";
    }

    private static Response cancel(Element form, String reason) {
        return Dashboard.loggedIn()
                .formParam("server", form.select("[name=server]").attr("value"))
                .formParam("accession", form.select("[name=accession]").attr("value"))
                .formParam("pipeline", form.select("[name=pipeline]").attr("value"))
                .formParam("reason", reason)
                .post(form.attr("hx-post"));
    }

    private static Response pause(String decision, String reason) {
        return Dashboard.loggedIn()
                .contentType("application/json")
                .body("{\"decision\": \"" + decision + "\", \"reason\": \"" + reason + "\"}")
                .post("/api/studies/PIP01/pipelines/" + PIPELINE + "/pause");
    }

    /** A session of which the pipeline says this. */
    @Test
    void theLogOfARunUnderWayIsShownWithItsProgressAndEscaped() throws Exception {
        // Given
        EventFixtures fixtures = session("PIP_E20", "OLD01_CMH_0020_01_01", State.RUNNING, null);
        PipelineUpdated run = fixtures.run(State.RUNNING);
        RunningLog log = new RunningLog(
                run.runKey(),
                1,
                Instant.now(),
                List.of(new RunningLog.Part("stderr", 123, "step 3/4\n<script>alert('x')</script>\u001b[2J{link:x}")),
                Optional.of(new RunningLog.Progress(Optional.of(75.0), "3/4 <b>")));
        archive.write(
                FileRole.STATE,
                RunningLog.path(fixtures.session(), PIPELINE),
                EventJson.mapper().writeValueAsBytes(log));
        Element link = Dashboard.awaitSession(fixtures, p -> p.selectFirst("a[href*=/log?pipeline]") != null)
                .selectFirst("a[href*=/log?pipeline]");

        // When
        Document page = Dashboard.page(link.attr("href"));

        // Then
        assertThat(page.select("pre.log").text()).isEqualTo("step 3/4\n<script>alert('x')</script>{link:x}");
        assertThat(page.select("pre.log").attr("tabindex")).isEqualTo("0");
        assertThat(page.select("progress").attr("value")).isEqualTo("75.0");
        assertThat(page.select(".far").text()).isEqualTo("3/4 <b>");
        assertThat(page.select("#log > div").attr("hx-trigger")).isEqualTo("every 5s");
        assertThat(Dashboard.page(link.attr("href") + "&part=far").text()).isEqualTo("3/4 <b>");
    }

    @Test
    void aLogOfAnotherAttemptAndOneOfARunThatEndedAreNotShown() throws Exception {
        // Given
        EventFixtures fixtures = session("PIP_E21", "OLD01_CMH_0021_01_01", State.RUNNING, null);
        EventFixtures ended = session("PIP_E22", "OLD01_CMH_0022_01_01", State.SUCCEEDED, null);
        for (EventFixtures each : List.of(fixtures, ended)) {
            RunningLog log = new RunningLog(
                    each.run(State.RUNNING).runKey(),
                    each.equals(fixtures) ? 7 : 1,
                    Instant.now(),
                    List.of(new RunningLog.Part("stdout", 3, "old")),
                    Optional.empty());
            archive.write(
                    FileRole.STATE,
                    RunningLog.path(each.session(), PIPELINE),
                    EventJson.mapper().writeValueAsBytes(log));
        }
        Dashboard.awaitSession(fixtures, p -> p.text().contains(PIPELINE));
        Dashboard.awaitSession(ended, p -> p.text().contains(PIPELINE));

        // When
        Document other = Dashboard.page(Dashboard.pathOf(fixtures) + "/log?pipeline=" + PIPELINE);
        Document after = Dashboard.page(Dashboard.pathOf(ended) + "/log?pipeline=" + PIPELINE);

        // Then
        assertThat(other.select("#log").text()).contains("Nothing of its log is to be seen yet");
        assertThat(other.select("#log > div").hasAttr("hx-get")).isTrue();
        assertThat(after.select("#log").text()).contains("It is not running");
        assertThat(after.select("#log > div").hasAttr("hx-get")).isFalse();
    }

    private static EventFixtures session(
            String accession, String name, State state, @Nullable Reason reason, FileRef... outputs) {
        EventFixtures fixtures = EventFixtures.of(accession, name);
        PipelineUpdated run =
                fixtures.run(state).withReason(Optional.ofNullable(reason)).withOutputs(List.of(outputs));
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, name));
            publisher.publish("pipeline", Instant.now(), run);
        }
        return fixtures;
    }
}
