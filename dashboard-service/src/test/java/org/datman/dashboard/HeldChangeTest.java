package org.datman.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.datman.contracts.event.ConfigurationConfirmed;
import org.datman.contracts.event.ConfigurationRead;
import org.datman.contracts.event.ConfigurationRead.Held;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.dashboard.fixture.FixturePublisher;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/** A study change that would withdraw files is confirmed from the inbox, by managers only. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class HeldChangeTest {

    private final String study = "HLD" + UUID.randomUUID().toString().substring(0, 4);
    private final String change = UUID.randomUUID().toString();

    @Test
    void aManagerConfirmsItOnceAndIsShown() {
        // Given
        held();
        Dashboard.account("mia", "manager");
        String card = "article:contains(" + study + ")";
        Document before = as("mia", "/");

        // When
        List<Response> answers = List.of(confirm("mia", change), confirm("mia", change));

        // Then
        assertThat(before.select(card).text()).contains(study + ".yml is gone", "7 series");
        assertThat(before.select(card + " button").attr("hx-confirm"))
                .isEqualTo("Withdraw the files of 7 series of study " + study + "?");
        assertThat(answers).extracting(Response::statusCode).containsOnly(200);
        Document after = as("mia", "/");
        assertThat(after.select(card).text()).contains("Confirmed by mia");
        assertThat(after.select(card + " button")).isEmpty();
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            ConfigurationConfirmed published = events.await(
                            ConfigurationConfirmed.class, e -> e.study().equals(study))
                    .event();
            assertThat(published.change()).isEqualTo(change);
            assertThat(published.confirmedBy()).isEqualTo("mia");
            assertThat(events.all(ConfigurationConfirmed.class).stream()
                            .filter(e -> e.event().study().equals(study)))
                    .hasSize(1);
        }
    }

    @Test
    void nobodyBelowAManagerSeesTheButtonOrMayConfirm() {
        // Given
        held();
        Dashboard.account("ray", "rater");

        // When
        Response answer = confirm("ray", change);

        // Then
        assertThat(answer.statusCode()).isEqualTo(403);
        Document page = as("ray", "/");
        assertThat(page.select("article:contains(" + study + ")").text()).contains("is gone");
        assertThat(page.select("article:contains(" + study + ") button")).isEmpty();
    }

    @Test
    void aChangeThatIsAnotherNowOrGoneIsNotConfirmed() {
        // Given
        held();

        // When
        Response other = confirmAsAdmin(UUID.randomUUID().toString());
        publish(new ConfigurationRead(
                "after", List.of(study), List.of(), EventFixtures.later(), Optional.of(List.of())));
        Dashboard.awaitPage("/", page -> !page.text().contains(study));
        Response gone = confirmAsAdmin(change);

        // Then
        assertThat(List.of(other, gone)).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(answer.asString()).contains("has no such change that waits");
        });
    }

    @Test
    void theSameTextHeldAgainLaterNeedsAConfirmationOfItsOwn() {
        // Given: confirmed, reverted, and made again
        held();
        assertThat(confirmAsAdmin(change).statusCode()).isEqualTo(200);
        held();

        // When
        Document page = Dashboard.awaitPage(
                "/", p -> !p.select("article:contains(" + study + ") button").isEmpty());

        // Then
        assertThat(page.select("article:contains(" + study + ")").text()).doesNotContain("Confirmed by");
    }

    @Test
    void aTextIsPreviewedOverTheKnownSeriesAndItsPageShowsTheSame() {
        // Given
        EventFixtures fixtures = EventFixtures.of("PREVIEW_" + study, "SPN01_CMH_7100_01_01");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish(
                    "ingest", EventFixtures.START, fixtures.series("2", 1, "T1").withSubjectLabel("SPN01_CMH_7100"));
        }
        Dashboard.awaitEvents(fixtures, 1);
        String candidate = """
                StudyTag: SPN01
                XnatProjects: [SPN01_CMH]
                Tags:
                  T1W: { Pattern: { SeriesDescription: 'T1' }, QcType: anat }
                Sites:
                  CMH: {}
                """;

        // When
        Response preview = Dashboard.loggedIn()
                .contentType("application/yaml")
                .body(candidate.getBytes(StandardCharsets.UTF_8))
                .post("/api/rules/preview?examples=1000");

        // Then
        assertThat(preview.statusCode()).as(preview.asString()).isEqualTo(200);
        assertThat(preview.jsonPath().getLong("changes.OTHER_TAG")).isPositive();
        assertThat(preview.jsonPath().getLong("renamed")).isPositive();
        assertThat(preview.asString()).contains("SPN01_CMH_7100_01_01_T1W_02_");
        Response faulty = Dashboard.loggedIn()
                .contentType("application/yaml")
                .body("StudyTag: spn".getBytes(StandardCharsets.UTF_8))
                .post("/api/rules/preview?file=a.yml");
        assertThat(faulty.statusCode()).isEqualTo(422);
        assertThat(faulty.asString()).contains("a.yml:1:11: StudyTag");
        assertThat(Dashboard.page("/configuration/preview?study=SPN01")
                        .select("h1")
                        .text())
                .isEqualTo("What SPN01.yml would change");
    }

    private void held() {
        publish(new ConfigurationRead(
                "revision",
                List.of(study),
                List.of(),
                EventFixtures.later(),
                Optional.of(List.of(
                        new Held(study, change, study + ".yml", study + ".yml is gone: 7 series would go", 7)))));
        Dashboard.awaitPage("/", page -> page.text().contains(study + ".yml is gone"));
    }

    private static void publish(ConfigurationRead read) {
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", read.time(), read);
        }
    }

    private Response confirmAsAdmin(String wanted) {
        return confirm(Dashboard.loggedIn(), wanted);
    }

    private Response confirm(String user, String wanted) {
        return confirm(Dashboard.as(user), wanted);
    }

    private Response confirm(RequestSpecification by, String wanted) {
        return by.contentType("application/x-www-form-urlencoded")
                .formParam("study", study)
                .formParam("change", wanted)
                .post("/configuration/confirm");
    }

    private static Document as(String user, String path) {
        return Jsoup.parse(Dashboard.as(user).get(path).asString());
    }
}
