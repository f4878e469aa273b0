package org.datman.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.Optional;
import org.datman.contracts.study.AcceptedStudies;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.dashboard.fixture.FixturePublisher;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/** The dashboard was started while the accepted study texts could not be read: everything else is still shown. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@TestProfile(OtherInstallation.class)
class UnreadableStudiesTest {

    @Test
    void theInboxStatesWhichFileCannotBeReadAndWhatToDoAndShowsAllElse() {
        // Given
        EventFixtures fixtures = EventFixtures.of("UNREAD_E1", "SPN01_CMH_6001_01_01");
        failure(fixtures);

        // When
        Document inbox = Dashboard.awaitPage("/", p -> failures(p).contains(fixtures.key()));

        // Then
        assertThat(inbox.select("section:has(h2:contains(Study configuration)) .card")
                        .text())
                .contains(AcceptedStudies.PATH, "cannot be read", "restore the file from the history");
        assertThat(failures(inbox)).contains(fixtures.key());
    }

    @Test
    void theStudiesAreThoseOfTheSessionsAndANoticeStatesThatOthersAreNotKnown() {
        // Given
        EventFixtures fixtures = EventFixtures.of("UNREAD_E2", "SPN01_CMH_6002_01_01");
        failure(fixtures);
        Dashboard.awaitSession(fixtures, p -> p.text().contains(fixtures.name()));

        // When
        Document studies = Dashboard.page("/studies");

        // Then
        assertThat(studies.select(".problem").text())
                .contains("Which studies are configured is not known now", "cannot be read", "restore the file");
        assertThat(studies.select("tbody tr:has(th:contains(SPN01))").text()).doesNotContain("not configured");
        assertThat(Dashboard.page("/studies/SPN01").text()).contains(fixtures.name());
    }

    @Test
    void aProgramIsInformedThatTheStudiesAreNotToBeHadNow() {
        // When
        Response answer = Dashboard.loggedIn().get("/api/studies");

        // Then
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.jsonPath().getString("detail")).contains("cannot be read", "restore the file");
    }

    /** The session alone is shown as soon as it is discovered, and its failure is another event. */
    private static String failures(Document inbox) {
        return inbox.select("section:has(h2:contains(Failures)) .card").text();
    }

    private static void failure(EventFixtures fixtures) {
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", EventFixtures.START, fixtures.discovered(1, fixtures.name()));
            publisher.publish(
                    "ingest",
                    EventFixtures.START,
                    fixtures.failed("ingest", "read-session", Optional.empty(), "cause", EventFixtures.START));
        }
    }
}
