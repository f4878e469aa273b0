package org.datman.ingest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.emptyOrNullString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.ingest.Lab.Planned;
import org.datman.ingest.queue.QueueTable;
import org.datman.ingest.webhook.DeliveryTable;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.simulator.archive.Session;
import org.datman.simulator.webhook.DeliverySignature;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(Lab.class)
class WebhookRefusalsTest {

    @Inject
    TestClock clock;

    @Inject
    MeterRegistry metrics;

    @Inject
    QueueTable hints;

    @Inject
    DeliveryTable deliveries;

    private static byte[] body() {
        return ("{\"dataId\":\"NEVER_" + UUID.randomUUID().toString().substring(0, 8) + "\",\"externalId\":\"SPN01\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private Response post(byte[] body, byte[] secret, Instant time, String delivery) {
        String timestamp = Long.toString(time.getEpochSecond());
        RequestSpecification request = given().contentType("application/json")
                .header("X-Datman-Timestamp", timestamp)
                .header("X-Datman-Signature", DeliverySignature.of(secret, timestamp, body))
                .body(body);
        return (delivery == null ? request : request.header("X-Datman-Delivery", delivery)).post("/webhooks/xnat");
    }

    @Test
    void aGoodDeliveryIsStoredBeforeItIsAnswered() {
        // Given
        byte[] body = body();

        // When
        Response answer = post(body, Lab.SECRET, clock.instant(), null);

        // Then
        answer.then().statusCode(202).body("result", equalTo("accepted"));
        String accession = answer.path("session");
        assertThat(deliveries.of(accession)).hasSize(1);
    }

    @Test
    void theSameDeliveryAgainIsADuplicate() {
        // Given
        byte[] body = body();
        Instant time = clock.instant();
        post(body, Lab.SECRET, time, "d1").then().statusCode(202);

        // When
        Response again = post(body, Lab.SECRET, time, "renamed by an attacker");

        // Then
        again.then().statusCode(202).body("result", equalTo("duplicate"));
    }

    @Test
    void aResentDeliveryWithANewSignatureIsADuplicate() {
        // Given
        byte[] body = body();
        post(body, Lab.SECRET, clock.instant(), "d2").then().statusCode(202);

        // When
        Response again = post(body, Lab.SECRET, clock.instant().plusSeconds(2), "d2");

        // Then
        again.then().statusCode(202).body("result", equalTo("duplicate"));
    }

    @Test
    void anotherBodyUnderAUsedDeliveryIdIsNotLost() {
        // Given
        post(body(), Lab.SECRET, clock.instant(), "constant").then().statusCode(202);

        // When
        Response other = post(body(), Lab.SECRET, clock.instant(), "constant");

        // Then
        other.then().statusCode(202).body("result", equalTo("accepted"));
    }

    @Test
    void aForgedDeliveryIsRefusedAndReported() {
        // Given
        byte[] body = body();

        // When
        Response answer = post(body, "guess".getBytes(StandardCharsets.UTF_8), clock.instant(), null);

        // Then
        answer.then().statusCode(401).body("code", equalTo("webhook-forged")).body("action", not(emptyOrNullString()));
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            ProcessingFailed failed = events.await(
                            ProcessingFailed.class, e -> e.reason().code().equals("webhook-forged"))
                    .event();
            assertThat(failed.stage()).isEqualTo("webhook");
            assertThat(failed.toString()).doesNotContain("NEVER_");
        }
    }

    @Test
    void manyForgedDeliveriesAreReportedOfInFewEvents() {
        // Given
        byte[] body = body();

        // When
        for (int i = 0; i < 30; i++) {
            post(body, "guess".getBytes(StandardCharsets.UTF_8), clock.instant(), null)
                    .then()
                    .statusCode(401);
        }

        // Then
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            events.await(ProcessingFailed.class, e -> e.reason().code().equals("webhook-forged"));
            long reported = events.all(ProcessingFailed.class).stream()
                    .filter(e -> e.event().reason().code().equals("webhook-forged"))
                    .count();
            assertThat(reported).isLessThan(5);
        }
    }

    @Test
    void refusalsOfDifferentKindsAreFailuresOfTheirOwn() {
        // Given
        byte[] wrong = "guess".getBytes(StandardCharsets.UTF_8);

        // When
        post(body(), wrong, clock.instant(), null);
        post("[]".getBytes(StandardCharsets.UTF_8), Lab.SECRET, clock.instant(), null);

        // Then: one does not replace the other on the dashboard
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            ProcessingFailed forged = events.await(
                            ProcessingFailed.class, e -> e.reason().code().equals("webhook-forged"))
                    .event();
            ProcessingFailed malformed = events.await(
                            ProcessingFailed.class, e -> e.reason().code().equals("webhook-malformed"))
                    .event();
            assertThat(forged.identity()).isNotEqualTo(malformed.identity());
        }
    }

    @Test
    void aReplayAfterTheWindowIsStale() {
        // Given
        byte[] body = body();
        Instant time = clock.instant().minus(Duration.ofMinutes(6));

        // When
        Response answer = post(body, Lab.SECRET, time, null);

        // Then
        answer.then().statusCode(401).body("code", equalTo("webhook-stale"));
    }

    @Test
    void aMalformedBodyIsRefused() {
        // Given
        byte[] body = "{\"dataId\": \"X".getBytes(StandardCharsets.UTF_8);

        // When
        Response answer = post(body, Lab.SECRET, clock.instant(), null);

        // Then
        answer.then().statusCode(400).body("code", equalTo("webhook-malformed"));
    }

    @Test
    void anUnsignedDeliveryIsRefused() {
        // Given
        byte[] body = body();

        // When
        Response answer = given().contentType("application/json").body(body).post("/webhooks/xnat");

        // Then
        answer.then().statusCode(401).body("code", equalTo("webhook-unsigned"));
    }

    /** A connection that sends a valid head and one byte of its body, then nothing. */
    private static Socket slow(boolean signed) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
        socket.setSoTimeout(30_000);
        String head = "POST /webhooks/xnat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 200\r\n"
                + (signed
                        ? "X-Datman-Timestamp: " + Instant.now().getEpochSecond() + "\r\nX-Datman-Signature: sha256="
                                + "0".repeat(64) + "\r\n"
                        : "")
                + "\r\n{";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    @Test
    void manySlowBodiesKeepNobodyWaitingAndAreCutOff() throws IOException {
        // Given: more of them than ingest has workers
        clock.showRealTime();
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 250; i++) {
                slow.add(slow(true));
            }

            // When
            Response answer = post(body(), Lab.SECRET, clock.instant(), null);

            // Then
            answer.then().statusCode(202).body("result", equalTo("accepted"));
            assertThat(answer.time()).isLessThan(5_500); // before the first of them is cut off, after 6 s
            for (Socket socket : slow) {
                assertThat(ended(socket)).isTrue();
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    /** Whether the peer closes it, by end of stream or reset, before the timeout. */
    private static boolean ended(Socket socket) throws IOException {
        try {
            while (socket.getInputStream().read() >= 0) {
                // A response may be received first.
            }
            return true;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (SocketException reset) {
            return true;
        }
    }

    @Test
    void anUnsignedBodyIsRefusedBeforeItHasCome() throws IOException {
        // Given
        try (Socket socket = slow(false)) {
            // When
            byte[] answer = new byte[12];
            int n = socket.getInputStream().readNBytes(answer, 0, 12);

            // Then
            assertThat(new String(answer, 0, n, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 401");
        }
    }

    @Test
    void aDeliveryAboutASubjectIsIgnored() {
        // Given
        byte[] body = "{\"dataId\":\"SITE_S00017\",\"externalId\":\"SPN01\",\"dataType\":\"xnat:subjectData\"}"
                .getBytes(StandardCharsets.UTF_8);

        // When
        Response answer = post(body, Lab.SECRET, clock.instant(), null);

        // Then
        answer.then().statusCode(202).body("result", equalTo("ignored"));
        assertThat(deliveries.of("SITE_S00017")).isEmpty();
    }

    /** Automation scripts do not name the type, so only XNAT's answer shows that this accession id is not of a session. */
    @Test
    void aDeliveryAboutAnAssessorIsPassedOverOnceItWasRead() throws IOException {
        // Given
        Session session = Lab.scan("SPN01_CMH_0077_01_01", new Planned(2, "T1", 1));
        String assessor = Lab.xnat()
                .archive()
                .createAssessor(session.id(), "SPN01_CMH_0077_01_01_QC_1", "xnat:qcManualAssessorData")
                .id();
        double before = metrics.counter("datman.ingest.not.a.session").count();
        byte[] body = ("{\"dataId\":\"" + assessor + "\",\"externalId\":\"SPN01\",\"event\":\"Modified\"}")
                .getBytes(StandardCharsets.UTF_8);

        // When
        Response answer = post(body, Lab.SECRET, clock.instant(), null);

        // Then: neither a session nor a failure, and it is not read again
        answer.then().statusCode(202).body("result", equalTo("accepted"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> metrics.counter("datman.ingest.not.a.session").count() == before + 1);
        await().atMost(Duration.ofSeconds(20)).until(() -> hints.count(assessor) == 0);
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            assertThat(events.all(SessionDiscovered.class))
                    .noneMatch(event -> event.event().session().accession().equals(assessor));
            assertThat(events.all(ProcessingFailed.class))
                    .noneMatch(event -> event.event().toString().contains(assessor));
        }
    }

    @Test
    void anOversizedBodyIsRefused() {
        // Given
        byte[] body = new byte[(1 << 20) + 1];

        // When
        Response answer = post(body, Lab.SECRET, clock.instant(), null);

        // Then
        answer.then().statusCode(413).body("code", equalTo("webhook-too-large"));
    }

    @Inject
    io.vertx.ext.web.Router router;

    @Test
    void nothingButTheWebhookIsOpen() {
        // Given
        List<String> paths = new java.util.ArrayList<>(List.of(
                "/",
                "/q",
                "/q/health",
                "/q/metrics",
                "/q/openapi",
                "/q/dev",
                "/metrics",
                "/health",
                "/webhooks",
                "/webhooks/other",
                "/webhooks/xnat/more",
                "/index.html"));
        router.getRoutes().stream()
                .map(io.vertx.ext.web.Route::getPath)
                .filter(p -> p != null && !p.startsWith("/webhooks/xnat") && !p.contains("*"))
                .forEach(paths::add);

        // When
        List<Integer> answers = paths.stream()
                .flatMap(p -> java.util.stream.Stream.of(
                        given().get(p).statusCode(), given().body("{}").post(p).statusCode()))
                .distinct()
                .toList();

        // Then
        assertThat(answers).isSubsetOf(401, 403);
    }
}
