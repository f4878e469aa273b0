package org.datman.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.datman.simulator.archive.ArchiveEvent;
import org.datman.simulator.archive.Session;
import org.datman.simulator.importer.LoadOptions;
import org.datman.simulator.webhook.Delivery;
import org.datman.simulator.webhook.Emission;
import org.datman.simulator.webhook.Shape;
import org.datman.simulator.webhook.Signature;
import org.datman.simulator.webhook.WebhookTarget;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events to the outside: shapes, signature, and the ways in which they go wrong (S12). */
class WebhooksTest {
    private record Received(String timestamp, String signature, String delivery, byte[] body) {
        JsonNode json() {
            try {
                return new ObjectMapper().readTree(body);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private static final byte[] SECRET = "shh".getBytes(UTF_8);

    @TempDir
    Path folder;

    final List<Received> received = new CopyOnWriteArrayList<>();
    HttpServer receiver;
    XnatSimulator sim;

    @BeforeEach
    void start() throws Exception {
        receiver = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
        receiver.createContext("/webhooks/xnat", exchange -> {
            var headers = exchange.getRequestHeaders();
            received.add(new Received(
                    headers.getFirst("X-Datman-Timestamp"),
                    headers.getFirst("X-Datman-Signature"),
                    headers.getFirst("X-Datman-Delivery"),
                    exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(202, -1);
            exchange.close();
        });
        receiver.start();
        var uri = URI.create("http://localhost:" + receiver.getAddress().getPort() + "/webhooks/xnat");
        sim = XnatSimulator.builder()
                .users(Map.of("svc", "secret"))
                .webhook(new WebhookTarget(uri, SECRET))
                .start();
    }

    @AfterEach
    void stop() {
        sim.close();
        receiver.stop(0);
    }

    private Session arrive() throws Exception {
        return sim.addSession(Dicoms.session(folder.resolve("S1")), LoadOptions.project("P"));
    }

    private void awaitReceived(int n) {
        await().atMost(Duration.ofSeconds(10)).until(() -> received.size() >= n);
    }

    @Test
    void canonicalBodyIsSigned() throws Exception {
        // Given a receiver
        // When
        arrive();
        // Then
        awaitReceived(1);
        var message = received.get(0);
        assertThat(message.signature()).isEqualTo(Signature.of(SECRET, message.timestamp(), message.body()));
        assertThat(message.signature()).matches("sha256=[0-9a-f]{64}");
        var body = message.json();
        assertThat(body.get("dataId").asText()).isEqualTo("SIM_E00001");
        assertThat(body.get("externalId").asText()).isEqualTo("P");
        assertThat(body.get("event").asText()).isEqualTo("Transferred");
        assertThat(body.fieldNames())
                .toIterable()
                .containsExactly(
                        "source",
                        "event",
                        "status",
                        "eventClass",
                        "workflowId",
                        "dataType",
                        "dataId",
                        "externalId",
                        "user",
                        "time");
    }

    @Test
    void signatureOfAKnownMessage() {
        // Given a value computed with OpenSSL: printf '1.a' | openssl dgst -sha256 -hmac k
        // When
        var signature = Signature.of("k".getBytes(UTF_8), "1", "a".getBytes(UTF_8));
        // Then
        assertThat(signature).isEqualTo("sha256=940c074e1710d2683e9acd909d307f633c7f71f0264eb9cdb5dff5ea92d12a35");
    }

    @Test
    void otherShapes() throws Exception {
        // Given the Event Service for the arrival and a short script for the rename
        sim.webhooks().next(Emission.of(Shape.EVENT_SERVICE), Emission.of(Shape.SCRIPT));
        var session = arrive();
        awaitReceived(1);
        // When
        sim.archive().rename(session.id(), "S2");
        // Then
        awaitReceived(2);
        var service = received.get(0).json();
        assertThat(service.get("id").asText()).isEqualTo("SIM_E00001");
        assertThat(service.get("project-id").asText()).isEqualTo("P");
        assertThat(service.get("scans")).hasSize(2);
        assertThat(service.at("/scans/0/uid").asText()).isEqualTo("1.2.3.2");
        assertThat(received.get(1).json())
                .hasToString(
                        "{\"dataId\":\"SIM_E00001\",\"externalId\":\"P\",\"event\":\"Renamed\",\"status\":\"Complete\"}");
    }

    @Test
    void duplicatedAndLost() throws Exception {
        // Given three copies of the first event, and the second lost
        sim.webhooks().next(Emission.canonical().copies(3), Emission.canonical().lost());
        var session = arrive();
        awaitReceived(3);
        // When
        sim.archive().rename(session.id(), "S2");
        // Then
        assertThat(received)
                .hasSize(3)
                .extracting(Received::delivery)
                .containsOnly(received.get(0).delivery());
        assertThat(sim.webhooks().deliveries()).extracting(Delivery::status).contains(Delivery.LOST);
    }

    @Test
    void reversed() throws Exception {
        // Given two events held back
        sim.webhooks().next(Emission.canonical().held(), Emission.canonical().held());
        var session = arrive();
        sim.archive().rename(session.id(), "S2");
        // When
        sim.webhooks().release();
        // Then
        awaitReceived(2);
        assertThat(received).extracting(r -> r.json().get("event").asText()).containsExactly("Renamed", "Transferred");
    }

    @Test
    void delayedMalformedForeignAndForged() throws Exception {
        // Given three bad events
        sim.webhooks()
                .next(
                        Emission.canonical().asMalformed(),
                        Emission.canonical().forProject("ELSEWHERE").delayed(Duration.ofMillis(200)),
                        Emission.canonical().asForged());
        var session = arrive();
        awaitReceived(1);
        sim.archive().announce(ArchiveEvent.Kind.MERGED, session.id(), "");
        awaitReceived(2);
        // When
        sim.archive().announce(ArchiveEvent.Kind.MERGED, session.id(), "");
        // Then
        awaitReceived(3);
        assertThatThrownBy(() -> received.get(0).json()).isInstanceOf(java.io.UncheckedIOException.class);
        assertThat(received.get(1).json().get("externalId").asText()).isEqualTo("ELSEWHERE");
        var forged = received.get(2);
        assertThat(forged.signature()).isNotEqualTo(Signature.of(SECRET, forged.timestamp(), forged.body()));
    }

    @Test
    void storm() throws Exception {
        // Given a storm of 80 around the next event
        sim.webhooks().next(Emission.of(Shape.EVENT_SERVICE).storm(80));
        // When
        arrive();
        // Then
        awaitReceived(81);
        assertThat(received).extracting(r -> r.json().get("type").asText()).contains("Session", "Scan", "Resource");
    }

    @Test
    void announcedBeforeItsData() throws Exception {
        // Given a hasty save
        var options = LoadOptions.project("P").announcedFirst();
        // When
        sim.addSession(Dicoms.session(folder.resolve("S1")), options);
        // Then
        awaitReceived(2);
        assertThat(received)
                .extracting(r -> r.json().get("event").asText())
                .containsExactlyInAnyOrder("Transferred", "Merged");
        assertThat(sim.archive().session("SIM_E00001").scans()).hasSize(2);
    }
}
