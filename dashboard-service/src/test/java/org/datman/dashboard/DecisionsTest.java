package org.datman.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.GoldStandardSet;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ProcessingFailedBuilder;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.SeriesAssigned;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.dashboard.fixture.FixturePublisher;
import org.datman.dashboard.projection.Rebuild;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.jdbi.v3.core.Jdbi;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class DecisionsTest {

    private static final Instant T = EventFixtures.START;
    private static final List<String> READ_MODEL =
            List.of("latest_event", "timeline_event", "session", "series", "metric", "failure", "alarm");

    @Inject
    Jdbi jdbi;

    @Inject
    Rebuild rebuild;

    @Test
    void aReviewIsPublishedWithoutItsWordsAndBoundToTheBytesThatWereSeen() {
        // Given
        EventFixtures fixtures = measured("REV_E1", "SPN01_CMH_2001_01_01");
        String comment = "Ringing <b>in</b> the frontal lobe";

        // When
        Response response = review(fixtures, "BLACKLISTED", comment, fixtures.nifti("3", 1));

        // Then
        assertThat(response.statusCode()).isEqualTo(204);
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            Envelope<QcReviewed> published =
                    events.await(QcReviewed.class, e -> e.session().equals(fixtures.session()));
            assertThat(published.event().decision()).isEqualTo(QcReviewed.Decision.BLACKLISTED);
            assertThat(published.event().seen()).containsExactly(fixtures.nifti("3", 1));
            assertThat(published.event().reviewer()).isEqualTo("admin");
            assertThat(published.event().stem()).contains(fixtures.stem("3", "T1"));
            assertThat(published.event().toString()).doesNotContain("Ringing");
        }
        Document page = Dashboard.page(Dashboard.pathOf(fixtures));
        assertThat(page.select(".image .b-BLACKLISTED")).isNotEmpty();
        assertThat(page.select("section:contains(Review history)").text()).contains(comment);
        assertThat(page.select("#series-3 tr").first().text()).contains("reviewed");
    }

    @Test
    void aDecisionOnBytesThatHaveChangedIsRefused() {
        // Given
        EventFixtures fixtures = measured("REV_E2", "SPN01_CMH_2002_01_01");

        // When
        Response response = review(fixtures, "PASS", "", fixtures.nifti("3", 7));

        // Then
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.asString()).contains("changed since this page showed them");
        assertThat(Dashboard.page(Dashboard.pathOf(fixtures)).select(".image").attr("data-review"))
                .isEqualTo("NEW");
    }

    @Test
    void aSeriesThatChangesAfterSignOffReopensTheSession() {
        // Given
        EventFixtures fixtures = measured("REV_E3", "SPN01_CMH_2003_01_01");
        Response signOff = Dashboard.loggedIn()
                .contentType("application/json")
                .body(Map.of("decision", "SIGNED_OFF", "seen", List.of(fixtures.nifti("3", 1)), "confirmed", true))
                .post("/api" + Dashboard.pathOf(fixtures) + "/reviews");
        assertThat(signOff.statusCode()).isEqualTo(200);
        assertThat(Dashboard.page(Dashboard.pathOf(fixtures)).select("dl.facts .b-SIGNED_OFF"))
                .isNotEmpty();

        // When
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T.plusSeconds(100), fixtures.series("3", 2, "Sag T1"));
            publisher.publish("tagging", T.plusSeconds(101), fixtures.tagged("3", 2, "T1", "Sag T1"));
            publisher.publish("export", T.plusSeconds(102), fixtures.exported("3", 2, "T1"));
        }

        // Then
        Document page = Dashboard.awaitSession(
                fixtures, p -> !p.select("dl.facts .b-STALE").isEmpty());
        assertThat(page.select(".image").attr("data-review")).isEqualTo("STALE");
        assertThat(Dashboard.page("/").text()).contains("Something changed after it was signed off");
    }

    @Test
    void aCommentMayHaveTheFourThousandCharactersThatTheFieldPromises() {
        // Given
        EventFixtures fixtures = measured("REV_E11", "SPN01_CMH_2011_01_01");
        String comment = "\u00e4\u6f22".repeat(2_000);

        // When
        Response response = review(fixtures, "FLAGGED", comment, fixtures.nifti("3", 1));

        // Then
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(204);
        assertThat(Dashboard.page(Dashboard.pathOf(fixtures))
                        .select("section:contains(Review history)")
                        .text())
                .contains(comment);
    }

    @Test
    void aSignOffMayNameManyImages() {
        // Given
        EventFixtures fixtures = measured("REV_E12", "SPN01_CMH_2012_01_01");
        List<String> many = java.util.stream.IntStream.range(0, 1_200)
                .mapToObj(i -> fixtures.nifti("x" + i, 1))
                .toList();

        // When
        Response response = Dashboard.loggedIn()
                .contentType("application/x-www-form-urlencoded; charset=utf-8")
                .formParam("server", fixtures.session().server())
                .formParam("accession", fixtures.session().accession())
                .formParam("decision", "SIGNED_OFF")
                .formParam("confirmed", "yes")
                .formParam("seen", String.join(" ", many))
                .post("/reviews");

        // Then: it was read, and rejected for its content
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.asString()).contains("The images changed since this page showed them");
    }

    @Test
    void fiveSubmitsOfOneFormAreOneDecision() throws Exception {
        // Given
        EventFixtures fixtures = measured("REV_E13", "SPN01_CMH_2013_01_01");
        ExecutorService submits = Executors.newFixedThreadPool(5);

        // When
        List<Future<Response>> answers = submits.invokeAll(
                java.util.Collections.nCopies(5, () -> review(fixtures, "FLAGGED", "ringing", fixtures.nifti("3", 1))));
        submits.shutdown();

        // Then
        for (Future<Response> answer : answers) {
            assertThat(answer.get().statusCode()).isEqualTo(204);
        }
        assertThat(Dashboard.page(Dashboard.pathOf(fixtures)).select("section:contains(Review history) tbody tr"))
                .hasSize(1);
    }

    @Test
    void decisionsOfTwoPeopleAreBothKeptAndTheirConflictIsShownUntilTheyAgree() {
        // Given
        EventFixtures fixtures = measured("REV_E14", "SPN01_CMH_2014_01_01");
        Dashboard.account("ann", "rater");
        review(Dashboard.as("ann"), fixtures, "PASS", "", fixtures.nifti("3", 1));

        // When
        review(fixtures, "FLAGGED", "ghost in the cerebellum", fixtures.nifti("3", 1));

        // Then
        Document page = Dashboard.page(Dashboard.pathOf(fixtures));
        assertThat(page.select(".conflict").text()).contains("Reviewers disagree", "admin ▲ flagged", "ann ● pass");
        assertThat(page.select("section:contains(Review history) tbody tr")).hasSize(2);
        assertThat(page.select("#series-3 tr").first().text())
                .contains("needs attention", "Reviewers disagree: admin: flagged, ann: pass");
        review(Dashboard.as("ann"), fixtures, "FLAGGED", "agreed", fixtures.nifti("3", 1));
        assertThat(Dashboard.page(Dashboard.pathOf(fixtures)).select(".conflict"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"false, 60", "true, 60", "false, 0", "true, 0"})
    void theLaterDecisionPrevailsInWhateverOrderTheyAreConsumed(boolean reversed, int secondsBetween) {
        // Given: two decisions of two people, also at the very same moment: then the larger id is the later one
        EventFixtures fixtures = measured(
                "REV_O" + reversed + secondsBetween, "SPN01_CMH_" + (reversed ? 26 : 25) + secondsBetween + "_01_01");
        QcReviewed first =
                fixtures.reviewed("3", "T1", "zoe", QcReviewed.Decision.PASS, T.plusSeconds(100), id(fixtures, 1));
        QcReviewed second = fixtures.reviewed(
                "3", "T1", "abe", QcReviewed.Decision.FLAGGED, T.plusSeconds(100 + secondsBetween), id(fixtures, 2));
        List<QcReviewed> consumed = reversed ? List.of(second, first) : List.of(first, second);

        // When
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            consumed.forEach(review -> publisher.publish("dashboard", review.time(), review));
        }

        // Then
        Document page = Dashboard.awaitSession(
                fixtures,
                p -> p.select("section:contains(Review history) tbody tr").size() == 2);
        assertThat(page.select(".image").attr("data-review")).isEqualTo("FLAGGED");
        assertThat(page.select(".image header").text()).contains("by abe");
        assertThat(page.select(".conflict").text()).contains("abe ▲ flagged", "zoe ● pass");
        assertThat(page.select("section:contains(Review history) tbody tr")
                        .first()
                        .text())
                .contains("abe");
    }

    private static String id(EventFixtures fixtures, int place) {
        return new UUID(fixtures.key().hashCode(), place).toString();
    }

    @Test
    void aSignOffAsksOnceWithWhatIsOpen() {
        // Given
        EventFixtures fixtures = measured("REV_E15", "SPN01_CMH_2015_01_01");
        Document page = Dashboard.page(Dashboard.pathOf(fixtures));
        Map<String, Object> body = Map.of("decision", "SIGNED_OFF", "seen", List.of(fixtures.nifti("3", 1)));

        // When
        Response response = Dashboard.loggedIn()
                .contentType("application/json")
                .body(body)
                .post("/api" + Dashboard.pathOf(fixtures) + "/reviews");

        // Then
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.jsonPath().getList("open"))
                .isEqualTo(List.of("series 3 is not reviewed", "whether it is complete is not judged yet"));
        assertThat(page.select("button:contains(Sign off session)").attr("hx-confirm"))
                .contains("• series 3 is not reviewed");
    }

    @Test
    void whatIsNotReviewedIsInTheInboxAndLeadsFromSeriesToSeries() {
        // Given
        EventFixtures fixtures = measured("REV_E16", "SPN01_CMH_2016_01_01");
        EventFixtures other = measured("REV_E17", "SPN01_CMH_2017_01_01");

        // When
        Document inbox = Dashboard.page("/");

        // Then
        assertThat(inbox.select("#unreviewed a").eachAttr("href"))
                .contains(Dashboard.pathOf(fixtures) + "#series-3", Dashboard.pathOf(other) + "#series-3");
        assertThat(Dashboard.loggedIn()
                        .queryParam("session", fixtures.key())
                        .get("/review/next")
                        .header("Location"))
                .contains("/sessions/local/")
                .contains("#series-")
                .doesNotContain(fixtures.session().accession());
    }

    @Test
    void aDeletedSessionIsShownWithoutButtonsAndTakesNoDecision() {
        // Given
        EventFixtures fixtures = measured("REV_E18", "SPN01_CMH_2018_01_01");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T.plusSeconds(60), fixtures.deleted(9));
        }
        Document page = Dashboard.awaitSession(fixtures, p -> p.text().contains("deleted on local"));

        // When
        Response response = review(fixtures, "PASS", "", fixtures.nifti("3", 1));

        // Then
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(page.select("#body [hx-post], #body .b-COMPLETE")).isEmpty();
    }

    @Test
    void theCsvStatesOnWhatAndByWhatANumberWasMeasuredAndWhatIsThoughtOfIt() {
        // Given
        EventFixtures fixtures = measured("REV_E19", "SPN01_CMH_2019_01_01");
        review(fixtures, "PASS", "", fixtures.nifti("3", 1));

        // When
        List<String> lines = Dashboard.loggedIn()
                .get("/api/studies/SPN01/metrics.csv")
                .asString()
                .lines()
                .toList();

        // Then
        assertThat(lines.get(0)).endsWith("value,unit,definition,scanner,software,coil,kind,verdict,review");
        assertThat(lines).anySatisfy(line -> assertThat(line)
                .contains("REV_E19", ",snr_core,24.4,1,1,")
                .endsWith(",human,PASS,PASS"));
    }

    @Test
    void sessionsAreFoundByTagAndBySeriesDescription() {
        // Given
        EventFixtures fixtures = EventFixtures.of("REV_E20", "SPN01_CMH_2020_01_01");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, fixtures.name()));
            publisher.publish("ingest", T, fixtures.series("3", 1, "Cor-FLAIR_unheard_of"));
            publisher.publish("tagging", T, fixtures.tagged("3", 1, "QZX", "Cor-FLAIR_unheard_of"));
        }
        Dashboard.awaitEvents(fixtures, 3);

        // When
        List<String> found = java.util.stream.Stream.of("qzx", "flair_unheard")
                .map(text -> Dashboard.loggedIn()
                        .queryParam("q", text)
                        .get("/search")
                        .header("Location"))
                .toList();

        // Then
        assertThat(found).allSatisfy(location -> assertThat(location).endsWith("/sessions/local/REV_E20"));
    }

    @Test
    void anImageBecomesTheGoldStandardOfItsTag() {
        // Given
        EventFixtures fixtures = measured("GOLD_E1", "SPN01_CMH_2007_01_01");

        // When
        Response response = Dashboard.loggedIn()
                .formParam("server", fixtures.session().server())
                .formParam("accession", fixtures.session().accession())
                .formParam("stem", fixtures.stem("3", "T1"))
                .formParam("from", "2026-11-01")
                .post("/gold-standards");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            GoldStandardSet published = events.await(
                            GoldStandardSet.class, e -> e.session().equals(fixtures.session()))
                    .event();
            assertThat(published.key()).isEqualTo("SPN01/CMH/T1");
            assertThat(published.validFrom()).isEqualTo("2026-11-01");
            assertThat(published.sidecar().path()).endsWith(fixtures.stem("3", "T1") + ".json");
            assertThat(published.setBy()).isEqualTo("admin");
        }
        Document chart = Dashboard.awaitPage(
                "/metrics?study=SPN01&tag=T1&key=snr_core&from=2026-10-20&to=2026-12-20",
                p -> !p.select("text.n-gold").isEmpty());
        assertThat(chart.select("text.n-gold").eachText()).contains("gold standard, set by admin");
    }

    @Test
    void aRetryAsksTheServiceToDoItAgain() {
        // Given
        EventFixtures fixtures = EventFixtures.of("RETRY_E1", "SPN01_CMH_2004_01_01");
        String cause = UUID.randomUUID().toString();
        String failed;
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.series("3", 1, "Sag T1"));
            failed = publisher
                    .publish(
                            "export",
                            T.plusSeconds(5),
                            fixtures.failed("export", "export", Optional.of("3"), cause, T.plusSeconds(5)))
                    .id()
                    .toString();
        }
        Document page = Dashboard.awaitSession(
                fixtures, p -> !p.select(".f-PERMANENT button").isEmpty());
        String failure = page.select(".f-PERMANENT input[name=failure]").attr("value");

        // When
        Response response = Dashboard.loggedIn().formParam("failure", failure).post("/failures/retry");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            ReprocessRequested published = events.await(
                            ReprocessRequested.class, e -> e.session().equals(fixtures.session()))
                    .event();
            assertThat(published.stage()).isEqualTo(ReprocessRequested.Stage.TAGGING);
            assertThat(published.scan()).contains("3");
            assertThat(published.causeEventId()).contains(failed);
            assertThat(published.requestedBy()).isEqualTo("admin");
        }
    }

    @Test
    void aManagerAssignsATagFromThePageAndTakesItBack() {
        // Given
        EventFixtures fixtures = measured("ASSIGN_E1", "SPN01_CMH_2013_01_01");
        Document page = Dashboard.awaitSession(
                fixtures, p -> !p.select("form[hx-post=/assignments]").isEmpty());
        Element form = page.selectFirst("form[hx-post=/assignments]");

        // When
        List<Response> assigned = List.of(
                assign(form, "T2", "", "It is the T2"),
                assign(form, "T2", "", "It is the T2"),
                assign(form, "T9", "", "It is no tag"),
                assign(form, "T2", "", " "),
                assign(form, "T2", "yes", "The rule is mended"),
                assign(form, "T2", "yes", "Once more"));

        // Then
        assertThat(form.select("option").eachText()).containsExactly("T1", "T2", "no tag: ignore");
        assertThat(assigned).extracting(Response::statusCode).containsExactly(200, 200, 409, 409, 200, 409);
        assertThat(assigned.get(2).asString()).contains("'T9' is no tag of site CMH of study SPN01; tags: T1, T2");
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            List<SeriesAssigned> published =
                    events.awaitAll(SeriesAssigned.class, e -> e.session().equals(fixtures.session()), 2).stream()
                            .map(Envelope::event)
                            .toList();
            assertThat(published)
                    .extracting(SeriesAssigned::decision)
                    .containsExactly(SeriesAssigned.Decision.TAG, SeriesAssigned.Decision.WITHDRAWN);
            assertThat(published.get(0).tag()).contains("T2");
            assertThat(published.get(0).uid()).isPresent();
            assertThat(published.get(0).assignedBy()).isEqualTo("admin");
        }
        Response none = Dashboard.loggedIn()
                .contentType("application/json")
                .body("{\"decision\": \"NO_TAG\", \"reason\": \"Not wanted\"}")
                .post("/api" + Dashboard.pathOf(fixtures) + "/series/3/assignment");
        assertThat(none.statusCode()).as(none.asString()).isEqualTo(200);
        assertThat(none.jsonPath().getString("decision")).isEqualTo("NO_TAG");
        assertThat(Dashboard.awaitSession(fixtures, p -> p.text().contains("assigned no tag to series 3: Not wanted"))
                        .text())
                .contains("admin took the assignment of series 3 back: The rule is mended");
    }

    private static Response assign(Element form, String tag, String withdrawn, String reason) {
        return Dashboard.loggedIn()
                .formParam("server", form.select("[name=server]").attr("value"))
                .formParam("accession", form.select("[name=accession]").attr("value"))
                .formParam("scan", form.select("[name=scan]").attr("value"))
                .formParam("tag", tag)
                .formParam("withdrawn", withdrawn)
                .formParam("reason", reason)
                .post("/assignments");
    }

    @Test
    void aPipelineIsRunAgainFromTheButtonAndWaitingIsOverOnceItRan() {
        // Given
        EventFixtures fixtures = measured("RUN_E1", "SPN01_CMH_2011_01_01");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("pipeline", T.plusSeconds(10), fixtures.waits("Waits for the verdict"));
            publisher.publish("pipeline", T.plusSeconds(20), fixtures.run(PipelineUpdated.State.SUCCEEDED));
        }
        Document page = Dashboard.awaitEvents(fixtures, 7);
        Element form = page.selectFirst("form:has(button:contains(Run again))");

        // When
        Response response = Dashboard.loggedIn()
                .formParam("server", form.select("[name=server]").attr("value"))
                .formParam("accession", form.select("[name=accession]").attr("value"))
                .formParam("pipeline", form.select("[name=pipeline]").attr("value"))
                .formParam("stage", form.select("button").attr("value"))
                .post(form.attr("hx-post"));

        // Then
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
        assertThat(page.select("section:contains(Pipelines)").text()).doesNotContain("Waits for the verdict");
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            ReprocessRequested published = events.await(
                            ReprocessRequested.class, e -> e.session().equals(fixtures.session()))
                    .event();
            assertThat(published.stage()).isEqualTo(ReprocessRequested.Stage.PIPELINE);
            assertThat(published.pipeline()).contains("brain-volume");
        }
    }

    @Test
    void aFailureThatWasDismissedIsGoneAndStaysSo() {
        // Given
        EventFixtures fixtures = EventFixtures.of("ASIDE_E1", "SPN01_CMH_2005_01_01");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("export", T, fixtures.failed("export", "resource", Optional.empty(), "a-cause", T));
        }
        Document page =
                Dashboard.awaitSession(fixtures, p -> !p.select(".f-PERMANENT").isEmpty());

        // When
        Response response = Dashboard.loggedIn()
                .formParam("failure", page.select("input[name=failure]").attr("value"))
                .post("/failures/dismiss");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Dashboard.page(Dashboard.pathOf(fixtures)).select(".f-PERMANENT"))
                .isEmpty();
    }

    @Test
    void aFailureThatSeveralPeopleDismissAtOnceIsDismissed() throws Exception {
        // Given
        EventFixtures fixtures = EventFixtures.of("ASIDE_E2", "SPN01_CMH_2021_01_01");
        ProcessingFailed failed = fixtures.failed("export", "resource", Optional.empty(), "a-cause", T);
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("export", T, failed);
        }
        Dashboard.awaitEvents(fixtures, 1);
        ExecutorService people = Executors.newFixedThreadPool(5);

        // When
        List<Future<Response>> answers = people.invokeAll(java.util.Collections.nCopies(5, () -> Dashboard.loggedIn()
                .formParam("failure", failed.identity())
                .post("/failures/dismiss")));
        people.shutdown();

        // Then
        for (Future<Response> answer : answers) {
            assertThat(answer.get().statusCode()).isEqualTo(200);
        }
        assertThat(Dashboard.page(Dashboard.pathOf(fixtures)).select(".f-PERMANENT"))
                .isEmpty();
    }

    @Test
    void aFailureOfNoSessionStaysUntilItIsDismissedAndReportsIt() {
        // Given
        String message = "A refusal of " + UUID.randomUUID();
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, refused("one-kind", message));
            publisher.publish("ingest", T, refused("another-kind", "Another refusal"));
        }
        Document page = Dashboard.awaitPage(
                "/", p -> p.text().contains(message) && p.text().contains("Another refusal"));
        Element card = page.selectFirst("article.f-PERMANENT:contains(" + message + ")");

        // When
        Response response = Dashboard.loggedIn()
                .formParam("failure", card.select("input[name=failure]").attr("value"))
                .post("/failures/dismiss");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(card.text()).contains("It belongs to no session", "reports that it is over, or it is dismissed");
        assertThat(card.select("button").eachText()).containsExactly("Dismiss");
        assertThat(Dashboard.page("/").text()).doesNotContain(message).contains("Another refusal");
    }

    private static ProcessingFailed refused(String code, String message) {
        return ProcessingFailedBuilder.builder()
                .service("ingest")
                .stage("webhook")
                .kind(ProcessingFailed.Kind.PERMANENT)
                .attempts(1)
                .reason(new Reason(code, message, "Do something"))
                .time(T)
                .cause(Optional.of(code))
                .build();
    }

    @Test
    void theReadModelComesOutTheSameWhenItIsRebuiltAndWhatPeopleWroteStays() {
        // Given
        EventFixtures fixtures = measured("REB_E1", "SPN01_CMH_2006_01_01");
        review(fixtures, "FLAGGED", "words that are in no topic", fixtures.nifti("3", 1));
        Awaitility.await()
                .atMost(Dashboard.PATIENCE)
                .until(() -> jdbi.withHandle(h -> h.createQuery("select count(*) from outbox_event")
                                .mapTo(Integer.class)
                                .one()
                        == 0));
        Map<String, String> before = steady();

        // When
        rebuild.start();

        // Then
        Awaitility.await()
                .atMost(Dashboard.PATIENCE)
                .until(() -> rebuild.progress().ended() != null
                        && !rebuild.progress().wanted());
        assertThat(rebuild.progress().events()).isPositive();
        Map<String, String> after = snapshot();
        READ_MODEL.forEach(table -> assertThat(after.get(table)).as(table).isEqualTo(before.get(table)));
        assertThat(before.get("series")).contains("REB_E1");
        assertThat(Dashboard.page(Dashboard.pathOf(fixtures))
                        .select("section:contains(Review history)")
                        .text())
                .contains("words that are in no topic");
    }

    private static EventFixtures measured(String accession, String name) {
        EventFixtures fixtures = EventFixtures.of(accession, name);
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, name));
            publisher.publish("ingest", T, fixtures.series("3", 1, "Sag T1"));
            publisher.publish("tagging", T.plusSeconds(1), fixtures.tagged("3", 1, "T1", "Sag T1"));
            publisher.publish("export", T.plusSeconds(5), fixtures.exported("3", 1, "T1"));
            publisher.publish("qc", T.plusSeconds(9), fixtures.measured("3", 1, "T1", QcComplete.Level.PASS));
        }
        Dashboard.awaitEvents(fixtures, 5);
        return fixtures;
    }

    private static Response review(EventFixtures fixtures, String decision, String comment, String seen) {
        return review(Dashboard.loggedIn(), fixtures, decision, comment, seen);
    }

    private static Response review(
            RequestSpecification by, EventFixtures fixtures, String decision, String comment, String seen) {
        return by.contentType("application/x-www-form-urlencoded; charset=utf-8")
                .formParam("server", fixtures.session().server())
                .formParam("accession", fixtures.session().accession())
                .formParam("scan", "3")
                .formParam("stem", fixtures.stem("3", "T1"))
                .formParam("decision", decision)
                .formParam("comment", comment)
                .formParam("seen", seen)
                .post("/reviews");
    }

    private Map<String, String> snapshot() {
        Map<String, String> tables = new TreeMap<>();
        READ_MODEL.forEach(table -> tables.put(table, jdbi.withHandle(h -> h.createQuery(
                        "select coalesce(string_agg(to_jsonb(t)::text, E'\\n' order by to_jsonb(t)::text), '') from "
                                + table + " t")
                .mapTo(String.class)
                .one())));
        return tables;
    }

    /** The read model once all earlier events were consumed. */
    private Map<String, String> steady() {
        return Awaitility.await()
                .atMost(Dashboard.PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> {
                            Map<String, String> first = snapshot();
                            jdbi.withHandle(h -> h.createQuery("select pg_sleep(1)::text")
                                    .mapTo(String.class)
                                    .one());
                            return first.equals(snapshot()) ? first : Map.<String, String>of();
                        },
                        found -> !found.isEmpty());
    }
}
