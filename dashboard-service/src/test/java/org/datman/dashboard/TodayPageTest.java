package org.datman.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.dashboard.fixture.FixturePublisher;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class TodayPageTest {

    @Inject
    Clock clock;

    @Test
    void thePersonAtTheScannerReadsWhatToScanAgainAndWhy() throws Exception {
        // Given
        Instant now = clock.instant();
        EventFixtures fixtures = EventFixtures.of("TODAY_E1", "SPN01_CMH_7001_01_01");
        EventFixtures other = EventFixtures.of("TODAY_E2", "SPN01_CMH_7002_01_01");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", now, fixtures.discovered(1, fixtures.name()));
            publisher.publish("ingest", now, fixtures.series("3", 1, "Sag T1"));
            publisher.publish("tagging", now.plusSeconds(1), fixtures.tagged("3", 1, "T1", "Sag T1"));
            publisher.publish("export", now.plusSeconds(5), fixtures.exported("3", 1, "T1"));
            publisher.publish(
                    "qc",
                    now.plusSeconds(9),
                    fixtures.checked(
                            1, false, new SessionChecked.Row("T2", 1, 0, List.of(), SessionChecked.Outcome.MISSING)));
            publisher.publish("ingest", now, other.discovered(1, other.name()));

            // When
            publisher.publish(
                    "qc",
                    now.plusSeconds(8),
                    fixtures.measured("3", 1, "T1", QcComplete.Level.FLAG, "<b>The head moved</b>"));
        }

        // Then
        Document page = Dashboard.awaitPage(
                "/today?site=CMH",
                // Topics come in any order: all of it is awaited.
                today -> today.select(
                                        ".scan:contains(SPN01_CMH_7001_01_01):contains(rescan now):contains(T2 is missing)")
                                .hasText()
                        && today.text().contains("SPN01_CMH_7002_01_01"));
        Element session = page.select(".scan:contains(SPN01_CMH_7001_01_01)").first();
        assertThat(session.text())
                .contains("T1", "series 3", "rescan now: <b>The head moved</b>", "Scan T1 again", "T2 is missing");
        assertThat(page.select(".scan:contains(SPN01_CMH_7002_01_01)").text()).doesNotContain("rescan");
        assertThat(Dashboard.page("/today?site=NONE").select(".scan")).isEmpty();
        Response answer = Dashboard.loggedIn().get("/api/today?site=CMH");
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        JsonNode scanners = new ObjectMapper().readTree(answer.asString()).path("scanners");
        assertThat(scanners.findParents("session").stream()
                        .filter(one -> one.path("session").asText().endsWith("/TODAY_E1"))
                        .map(one -> one.path("state").asText()))
                .containsExactly("RESCAN");
    }
}
