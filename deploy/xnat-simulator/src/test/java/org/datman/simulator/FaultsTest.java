package org.datman.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.datman.simulator.archive.Session;
import org.datman.simulator.fault.Fault;
import org.datman.simulator.fault.FaultRule;
import org.datman.simulator.importer.LoadOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every fault rule, seen from a client or from a bare socket. */
class FaultsTest {
    private static final String ZIP = "/data/experiments/SIM_E00001/scans/2/resources/DICOM/files?format=zip";
    private static final String FILES = "/data/experiments/SIM_E00001/scans/2/resources/DICOM/files";

    @TempDir
    static Path folder;

    static XnatSimulator sim;
    static Session session;

    @BeforeAll
    static void start() throws Exception {
        sim = XnatSimulator.builder().users(Map.of("svc", "secret")).start();
        session = sim.addSession(Dicoms.session(folder.resolve("S1")), LoadOptions.project("P"));
    }

    @AfterAll
    static void stop() {
        sim.close();
    }

    @AfterEach
    void clear() {
        sim.faults().clear();
    }

    private static Client client() {
        return Client.basic(sim, "svc", "secret");
    }

    /** Everything that comes over a bare socket for a GET. */
    private static String raw(String path) throws IOException {
        try (Socket socket = new Socket("localhost", sim.url().getPort())) {
            socket.setSoTimeout(700);
            String token = Base64.getEncoder().encodeToString("svc:secret".getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nUser-Agent: raw\r\nConnection: close\r\n"
                                    + "Authorization: Basic " + token + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void status() {
        // Given two bad gateways
        String id = sim.faults().add(FaultRule.status(502).on("/scans/2/").times(2));
        assertThat(client().get(ZIP).status()).isEqualTo(502);
        assertThat(client().get(ZIP).text()).contains("nginx");
        // When
        Client.Answer third = client().get(ZIP);
        // Then
        assertThat(third.status()).isEqualTo(200);
        assertThat(sim.faults().struck(id)).isEqualTo(2);
    }

    @Test
    void afterSomeRequests() {
        // Given a fault that lets one request pass
        sim.faults().add(FaultRule.status(504).on("buildInfo").after(1).times(1));
        assertThat(client().get("/xapi/siteConfig/buildInfo").status()).isEqualTo(200);
        // When
        Client.Answer second = client().get("/xapi/siteConfig/buildInfo");
        // Then
        assertThat(second.status()).isEqualTo(504);
    }

    @Test
    void probability() {
        // Given an even chance
        sim.faults().add(FaultRule.status(503).on("buildInfo").probability(0.5));
        // When
        int failed = 0;
        for (int i = 0; i < 60; i++) {
            if (client().get("/xapi/siteConfig/buildInfo").status() == 503) {
                failed++;
            }
        }
        // Then
        assertThat(failed).isBetween(10, 50);
    }

    @Test
    void latency() {
        // Given a slow list
        sim.faults().add(FaultRule.latency(Duration.ofMillis(300)).on("/data/projects"));
        long start = System.nanoTime();
        // When
        Client.Answer answer = client().get("/data/projects");
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(290));
    }

    @Test
    void hang() {
        // Given a server that accepts the request and never answers
        sim.faults().add(FaultRule.of(Fault.HANG).on("/data/projects"));
        // When, Then
        assertThatThrownBy(() -> raw("/data/projects")).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void resetBeforeHeaders() {
        // Given a reset
        sim.faults().add(FaultRule.of(Fault.RESET).on("/data/projects"));
        // When, Then
        assertThatThrownBy(() -> raw("/data/projects"))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    @Test
    void resetAfterHeaders() {
        // Given a reset once the headers are out
        sim.faults().add(FaultRule.of(Fault.RESET_AFTER_HEADERS).on("zip"));
        // When, Then
        assertThatThrownBy(() -> client().trySend("GET", ZIP, null)).isInstanceOf(IOException.class);
    }

    @Test
    void truncatedZip() throws Exception {
        // Given a zip that stops after 700 bytes
        sim.faults().add(FaultRule.truncate(700).on("zip").times(2));
        // When
        String text = raw(ZIP);
        // Then
        assertThat(text)
                .startsWith("HTTP/1.1 200")
                .contains("transfer-encoding: chunked")
                .doesNotEndWith("0\r\n\r\n");
        assertThat(text.length()).isBetween(700, 1400);
        assertThatThrownBy(() -> client().trySend("GET", ZIP, null)).isInstanceOf(IOException.class);
    }

    @Test
    void cleanlyTruncatedZip() {
        // Given a zip that ends properly without its central directory
        sim.faults().add(FaultRule.of(Fault.TRUNCATE_CLEANLY).withBytes(700).on("zip"));
        // When
        Client.Answer answer = client().get(ZIP);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.bytes()).hasSize(700);
    }

    @Test
    void truncatedFile() {
        // Given a single file whose length is not kept
        sim.faults().add(FaultRule.truncate(100).on("/files/"));
        // When, Then
        assertThatThrownBy(() -> client().trySend("GET", FILES + "/1.2.3.2-1.dcm", null))
                .isInstanceOf(IOException.class);
    }

    @Test
    void missingEntries() throws Exception {
        // Given a valid zip that lacks two files
        sim.faults().add(FaultRule.missingEntries(2).on("zip"));
        // When
        Client.Answer answer = client().get(ZIP);
        // Then
        assertThat(FilesTest.unzip(answer.bytes())).hasSize(1);
    }

    @Test
    void wrongByte() throws Exception {
        // Given the true first file
        Map<String, byte[]> before = FilesTest.unzip(client().get(ZIP).bytes());
        sim.faults().add(FaultRule.wrongByte(200).on("zip"));
        // When
        Map<String, byte[]> after = FilesTest.unzip(client().get(ZIP).bytes());
        // Then
        String name = before.keySet().iterator().next();
        assertThat(after.get(name)).hasSameSizeAs(before.get(name));
        assertThat(after.get(name)[200]).isEqualTo((byte) ~before.get(name)[200]);
        assertThat(after.get(name)[201]).isEqualTo(before.get(name)[201]);
    }

    @ParameterizedTest
    @CsvSource({
        "EMPTY_ZIP,404,Unable to find any files",
        "EMPTY_BODY,200,''",
        "SESSION_EXPIRED,401,expired",
        "LOGIN_PAGE,200,<!DOCTYPE",
        "PASSWORD_EXPIRED,403,Your password has expired",
        "LOCKED_OUT,401,locked"
    })
    void falseAnswers(Fault fault, int status, String text) {
        // Given a fault that replaces the answer
        sim.faults().add(FaultRule.of(fault).on("zip"));
        // When
        Client.Answer answer = client().get(ZIP);
        // Then
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).contains(text);
    }

    @Test
    void sessionExpiryEndsTheSession() {
        // Given a client with a session, and the fault striking another of its requests
        Client withSession = Client.session(sim, "svc", "secret");
        sim.faults().add(FaultRule.of(Fault.SESSION_EXPIRED).on("zip").times(1));
        // When
        withSession.get(ZIP);
        // Then
        assertThat(withSession.get("/data/auth").status()).isEqualTo(401);
    }

    @Test
    void columns() {
        // Given a list with blank digests, false counts and no total
        sim.faults().add(FaultRule.blank("digest").on("/files"));
        sim.faults().add(FaultRule.wrong("file_count", "99").on("/resources"));
        sim.faults().add(FaultRule.of(Fault.NO_TOTAL).on("/resources"));
        // When
        JsonNode files = client().get(FILES).rows();
        JsonNode resources =
                client().get("/data/experiments/SIM_E00001/scans/2/resources").json();
        // Then
        assertThat(files.findValuesAsText("digest")).containsOnly("");
        assertThat(resources.at("/ResultSet/Result/0/file_count").asText()).isEqualTo("99");
        assertThat(resources.at("/ResultSet").has("totalRecords")).isFalse();
    }

    @Test
    void actionBetweenTwoRequests() {
        // Given a session that is renamed between listing and download
        sim.faults()
                .add(FaultRule.doing(() -> sim.archive().rename(session.id(), "RENAMED"))
                        .on("zip"));
        client().get("/data/projects/P/experiments");
        // When
        client().get(ZIP);
        // Then
        assertThat(sim.archive().session(session.id()).label()).isEqualTo("RENAMED");
    }

    @Test
    void rulesFromOutside() throws Exception {
        // Given a rule and an action over HTTP
        String rule = "{\"fault\":\"STATUS\",\"status\":503,\"path\":\"/data/projects\",\"times\":1}";
        Client guest = Client.guest(sim);
        assertThat(guest.post("/_sim/faults", rule.getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(201);
        // When
        Client.Answer answer = client().get("/data/projects");
        // Then
        assertThat(answer.status()).isEqualTo(503);
        assertThat(guest.get("/_sim/requests?matching=/data/projects").text()).contains("STATUS");
        assertThat(guest.post("/_sim/actions", "{\"action\":\"fly\"}".getBytes(StandardCharsets.UTF_8))
                        .text())
                .isEqualTo("{\"error\":\"unknown action 'fly'\"}");
    }
}
