package org.datman.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.dashboard.fixture.FixturePublisher;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.Test;

/** One walk through the pages in a real browser: form login, live update, review by key. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class BrowserTest {

    private static final Instant T = EventFixtures.START;

    @TestHTTPResource("/")
    URI home;

    @Test
    void aRaterLogsInSeesTheVerdictComeAndPassesTheImageByKey() throws Exception {
        // Given
        EventFixtures fixtures = EventFixtures.of("WALK_E1", "SPN01_CMH_3001_01_01");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers());
                Browser browser = Browser.start()) {
            publisher.publish("ingest", T, fixtures.discovered(1, fixtures.name()));
            publisher.publish("ingest", T, fixtures.series("3", 1, "Sag T1"));
            publisher.publish("tagging", T.plusSeconds(1), fixtures.tagged("3", 1, "T1", "Sag T1"));
            publisher.publish("export", T.plusSeconds(5), fixtures.exported("3", 1, "T1"));
            Dashboard.awaitSession(fixtures, p -> p.text().contains("Waits to be measured"));
            browser.logIn(home);
            browser.open(home.resolve(Dashboard.pathOf(fixtures)));
            browser.await("document.querySelector('#live.on') !== null");
            browser.await("document.body.innerText.includes('Waits to be measured')");
            browser.evaluate("document.querySelector('#signoff-comment').value = 'half written'");

            // When
            publisher.publish("qc", T.plusSeconds(9), fixtures.measured("3", 1, "T1", QcComplete.Level.PASS));
            browser.await("document.querySelector('#series-3 .image .b-PASS') !== null");
            String kept = browser.evaluate("document.querySelector('#signoff-comment').value");
            browser.key("n");
            browser.await("document.activeElement.matches('article.image')");
            browser.key("p");
            browser.await("document.querySelector('article.image').dataset.review === 'PASS'");

            // Then
            assertThat(kept).isEqualTo("half written");
            assertThat(browser.problems()).isEmpty();
            Awaitility.await().atMost(Dashboard.PATIENCE).untilAsserted(() -> assertThat(
                            Dashboard.page(Dashboard.pathOf(fixtures))
                                    .select("#series-3 tr")
                                    .first()
                                    .text())
                    .contains("reviewed"));
        }
    }

    @Test
    void wordsBegunOnOneImageAreNotOfferedForAnotherAndNoPageScrollsSidewaysOnAPhone() throws Exception {
        // Given
        EventFixtures fixtures = EventFixtures.of("WALK_E2", "SPN01_CMH_3002_01_01");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers());
                Browser browser = Browser.start()) {
            publisher.publish("ingest", T, fixtures.discovered(1, fixtures.name()));
            for (String scan : List.of("3", "4")) {
                publisher.publish("ingest", T, fixtures.series(scan, 1, "Sag T1"));
                publisher.publish("tagging", T.plusSeconds(1), fixtures.tagged(scan, 1, "T1", "Sag T1"));
                publisher.publish("export", T.plusSeconds(5), fixtures.exported(scan, 1, "T1"));
                publisher.publish("qc", T.plusSeconds(9), fixtures.measured(scan, 1, "T1", QcComplete.Level.PASS));
            }
            Dashboard.awaitSession(fixtures, p -> p.select(".image .b-PASS").size() == 2);
            browser.logIn(home);
            browser.open(home.resolve(Dashboard.pathOf(fixtures)));
            browser.await("document.querySelectorAll('article.image').length === 2");
            browser.evaluate("document.querySelector('#series-3 article.image').focus()");
            browser.key("f");
            browser.await("document.querySelector('#ask').open");
            browser.evaluate("document.querySelector('#ask textarea').value = 'ringing in series 3'");
            browser.escape();
            browser.await("!document.querySelector('#ask').open");

            // When
            browser.evaluate("document.querySelector('#series-4 article.image').focus()");
            browser.key("f");
            browser.await("document.querySelector('#ask').open");
            String offered = browser.evaluate("document.querySelector('#ask textarea').value");

            // Then
            assertThat(browser.evaluate("document.querySelector('#ask-title').textContent"))
                    .contains("_4_");
            assertThat(offered).isEmpty();
            browser.evaluate("notify('A refusal', true)");
            assertThat(browser.evaluate("document.querySelector('#ask .messages').innerText"))
                    .contains("A refusal");
            browser.width(390);
            for (String path : List.of(
                    "/",
                    "/studies",
                    "/studies/SPN01",
                    Dashboard.pathOf(fixtures),
                    "/metrics?study=SPN01&tag=T1",
                    "/metrics/keys",
                    "/operations",
                    "/accounts",
                    "/nowhere")) {
                browser.open(home.resolve(path));
                browser.await("document.readyState === 'complete' && location.href.endsWith('" + path + "')");
                assertThat(browser.evaluate("String(document.documentElement.scrollWidth <= window.innerWidth)"))
                        .as(path)
                        .isEqualTo("true");
            }
        }
    }
}
