package org.datman.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.datman.simulator.archive.ArchiveEvent;
import org.datman.simulator.archive.Session;
import org.datman.simulator.importer.LoadOptions;
import org.datman.simulator.webhook.Delivery;
import org.datman.simulator.webhook.DeliverySignature;
import org.datman.simulator.webhook.Emission;
import org.datman.simulator.webhook.Shape;
import org.datman.simulator.webhook.WebhookTarget;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks: shapes, signature, and faults (S12). */
class WebhooksTest {
    private static final byte[] SECRET = "shh".getBytes(UTF_8);

    @TempDir
    Path folder;

    Receiver receiver;
    XnatSimulator sim;

    @BeforeEach
    void start() throws Exception {
        receiver = new Receiver();
        sim = XnatSimulator.builder()
                .users(Map.of("svc", "secret"))
                .webhook(new WebhookTarget(receiver.uri(), SECRET))
                .start();
    }

    @AfterEach
    void stop() {
        sim.close();
        receiver.close();
    }

    private Session arrive() throws Exception {
        return sim.addSession(Dicoms.session(folder.resolve("S1")), LoadOptions.project("P"));
    }

    @Test
    void canonicalBodyIsSigned() throws Exception {
        // Given a receiver
        // When
        arrive();
        // Then
        receiver.await(1);
        Receiver.Received message = receiver.received().get(0);
        assertThat(message.signature()).isEqualTo(DeliverySignature.of(SECRET, message.timestamp(), message.body()));
        assertThat(message.signature()).matches("sha256=[0-9a-f]{64}");
        JsonNode body = message.json();
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
        String signature = DeliverySignature.of("k".getBytes(UTF_8), "1", "a".getBytes(UTF_8));
        // Then
        assertThat(signature).isEqualTo("sha256=940c074e1710d2683e9acd909d307f633c7f71f0264eb9cdb5dff5ea92d12a35");
    }

    @Test
    void otherShapes() throws Exception {
        // Given the Event Service for the arrival and a short script for the rename
        sim.webhooks().next(Emission.of(Shape.EVENT_SERVICE), Emission.of(Shape.SCRIPT));
        Session session = arrive();
        receiver.await(1);
        // When
        sim.archive().rename(session.id(), "S2");
        // Then
        receiver.await(2);
        JsonNode service = receiver.received().get(0).json();
        assertThat(service.get("id").asText()).isEqualTo("SIM_E00001");
        assertThat(service.get("project-id").asText()).isEqualTo("P");
        assertThat(service.get("scans")).hasSize(2);
        assertThat(service.at("/scans/0/uid").asText()).isEqualTo("1.2.3.2");
        assertThat(receiver.received().get(1).json())
                .hasToString(
                        "{\"dataId\":\"SIM_E00001\",\"externalId\":\"P\",\"event\":\"Renamed\",\"status\":\"Complete\"}");
    }

    @Test
    void duplicatedAndLost() throws Exception {
        // Given three copies of the first event, and the second lost
        sim.webhooks().next(Emission.canonical().copies(3), Emission.canonical().lost());
        Session session = arrive();
        receiver.await(3);
        // When
        sim.archive().rename(session.id(), "S2");
        // Then
        assertThat(receiver.received())
                .hasSize(3)
                .extracting(Receiver.Received::delivery)
                .containsOnly(receiver.received().get(0).delivery());
        assertThat(sim.webhooks().deliveries()).extracting(Delivery::status).contains(Delivery.LOST);
    }

    @Test
    void reversed() throws Exception {
        // Given two events held back
        sim.webhooks().next(Emission.canonical().held(), Emission.canonical().held());
        Session session = arrive();
        sim.archive().rename(session.id(), "S2");
        // When
        sim.webhooks().release();
        // Then
        receiver.await(2);
        assertThat(receiver.received())
                .extracting(r -> r.json().get("event").asText())
                .containsExactly("Renamed", "Transferred");
    }

    @Test
    void delayedMalformedForeignAndForged() throws Exception {
        // Given three bad events
        sim.webhooks()
                .next(
                        Emission.canonical().asMalformed(),
                        Emission.canonical().forProject("ELSEWHERE").delayed(Duration.ofMillis(200)),
                        Emission.canonical().asForged());
        Session session = arrive();
        receiver.await(1);
        sim.archive().announce(ArchiveEvent.Kind.MERGED, session.id(), "");
        receiver.await(2);
        // When
        sim.archive().announce(ArchiveEvent.Kind.MERGED, session.id(), "");
        // Then
        receiver.await(3);
        assertThatThrownBy(() -> receiver.received().get(0).json()).isInstanceOf(UncheckedIOException.class);
        assertThat(receiver.received().get(1).json().get("externalId").asText()).isEqualTo("ELSEWHERE");
        Receiver.Received forged = receiver.received().get(2);
        assertThat(forged.signature()).isNotEqualTo(DeliverySignature.of(SECRET, forged.timestamp(), forged.body()));
    }

    @Test
    void storm() throws Exception {
        // Given a storm of 80 around the next event
        sim.webhooks().next(Emission.of(Shape.EVENT_SERVICE).storm(80));
        // When
        arrive();
        // Then
        receiver.await(81);
        assertThat(receiver.received())
                .extracting(r -> r.json().get("type").asText())
                .contains("Session", "Scan", "Resource");
    }

    @Test
    void announcedBeforeItsData() throws Exception {
        // Given a hasty save
        LoadOptions options = LoadOptions.project("P").announcedFirst();
        // When
        sim.addSession(Dicoms.session(folder.resolve("S1")), options);
        // Then
        receiver.await(2);
        assertThat(receiver.received())
                .extracting(r -> r.json().get("event").asText())
                .containsExactlyInAnyOrder("Transferred", "Merged");
        assertThat(sim.archive().session("SIM_E00001").scans()).hasSize(2);
    }
}
