package org.datman.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.datman.simulator.auth.User;
import org.datman.simulator.importer.LoadOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Authentication: the ways to log in, and rejections for a program and for a browser (S1, S2). */
class AuthTest {
    private static final String BROWSER = "Mozilla/5.0 (X11; Linux x86_64)";

    @TempDir
    Path folder;

    final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2024-03-05T12:00:00Z"));
    XnatSimulator sim;

    @BeforeEach
    void start() throws Exception {
        InstantSource source = now::get;
        Clock clock = source.withZone(ZoneOffset.UTC);
        sim = XnatSimulator.builder()
                .users(Map.of("svc", "secret"))
                .user(User.reader("guesty", "pw", Set.of("OPEN")))
                .clock(clock)
                .start();
        Dicoms.series(folder.resolve("s1/t1"), Dicoms.STUDY, "1.2.3.2", "2", "T1", 1);
        sim.addSession(folder.resolve("s1"), LoadOptions.project("SPN01"));
    }

    @AfterEach
    void stop() {
        sim.close();
    }

    private void later(Duration time) {
        now.updateAndGet(t -> t.plus(time));
    }

    @Test
    void noCredentials() {
        // Given a program without credentials
        // When
        Client.Answer answer = Client.guest(sim).get("/data/projects");
        // Then
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Basic realm=\"SIM\"");
    }

    @Test
    void noCredentialsInABrowser() {
        // Given a browser without credentials
        // When
        Client.Answer answer = Client.guest(sim).with("User-Agent", BROWSER).get("/data/projects");
        // Then
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location")).isEqualTo("/app/template/Login.vm");
    }

    @Test
    void wrongPassword() {
        // Given a wrong password
        // When
        Client.Answer answer = Client.basic(sim, "svc", "wrong").post("/data/JSESSION", new byte[0]);
        // Then
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.text()).contains("<html>");
    }

    @Test
    void manyFailuresLockTheAccountForAnHour() {
        // Given twenty wrong passwords
        for (int i = 0; i < 20; i++) {
            Client.basic(sim, "svc", "wrong").get("/data/auth");
        }
        // When
        int locked = Client.basic(sim, "svc", "secret").get("/data/auth").status();
        later(Duration.ofMinutes(61));
        // Then
        assertThat(locked).isEqualTo(401);
        assertThat(Client.basic(sim, "svc", "secret").get("/data/auth").status())
                .isEqualTo(200);
    }

    @Test
    void expiredPassword() {
        // Given an expired password and a session from before
        Client session = Client.session(sim, "svc", "secret");
        // When
        sim.accounts().setCondition("svc", User.Condition.PASSWORD_EXPIRED);
        // Then
        assertThat(Client.basic(sim, "svc", "secret").get("/data/projects").status())
                .isEqualTo(403);
        assertThat(session.get("/data/projects").status()).isEqualTo(302);
        assertThat(Client.basic(sim, "svc", "secret")
                        .with("User-Agent", BROWSER)
                        .get("/data/projects")
                        .status())
                .isEqualTo(302);
    }

    @Test
    void sessionsEndAfterTheirIdleTime() {
        // Given a session used after 10 minutes
        Client session = Client.session(sim, "svc", "secret");
        later(Duration.ofMinutes(10));
        assertThat(session.get("/data/auth").text()).isEqualTo("User 'svc' is logged in");
        // When
        later(Duration.ofMinutes(15));
        // Then
        assertThat(session.get("/data/auth").status()).isEqualTo(401);
    }

    @Test
    void expiredCookieOnTheOpenUrlIsANewGuest() {
        // Given an expired session
        String id = Client.basic(sim, "svc", "secret")
                .post("/data/JSESSION", new byte[0])
                .text();
        later(Duration.ofMinutes(16));
        // When
        Client.Answer answer =
                Client.guest(sim).with("Cookie", "JSESSIONID=" + id).get("/data/JSESSION");
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isNotEqualTo(id).matches("[0-9A-F]{32}");
    }

    @Test
    void closedSessionIsOver() {
        // Given a session
        Client session = Client.session(sim, "svc", "secret");
        // When
        session.delete("/data/JSESSION");
        // Then
        assertThat(session.get("/data/projects").status()).isEqualTo(401);
    }

    @Test
    void formLogin() {
        // Given a form
        byte[] form = "username=svc&password=secret".getBytes(StandardCharsets.UTF_8);
        Client client = Client.guest(sim).with("Content-Type", "application/x-www-form-urlencoded");
        // When
        Client.Answer answer = client.put("/data/services/auth", form);
        // Then
        assertThat(Client.guest(sim)
                        .with("Cookie", "JSESSIONID=" + answer.text())
                        .get("/data/auth")
                        .text())
                .isEqualTo("User 'svc' is logged in");
        assertThat(answer.header("Set-Cookie")).contains("JSESSIONID=").contains("SESSION_EXPIRATION_TIME=\"");
    }

    @Test
    void aliasToken() {
        // Given a token
        JsonNode token = Client.basic(sim, "svc", "secret")
                .get("/data/services/tokens/issue")
                .json();
        String alias = token.get("alias").asText();
        String secret = token.get("secret").asText();
        // When
        Client.Answer answer = Client.basic(sim, alias, secret).get("/data/auth");
        // Then
        assertThat(answer.text()).isEqualTo("User 'svc' is logged in");
        assertThat(secret).matches("[A-Za-z0-9]{64}");
        assertThat(Client.basic(sim, "svc", "secret")
                        .get("/data/services/tokens/validate/" + alias + "/" + secret)
                        .text())
                .isEqualTo("{\"valid\":\"svc\"}");
        later(Duration.ofHours(49));
        assertThat(Client.basic(sim, alias, secret).get("/data/auth").status()).isEqualTo(403);
    }

    @Test
    void whatMayNotBeReadIsNotThere() {
        // Given an account that may read another project only
        Client reader = Client.session(sim, "guesty", "pw");
        // When
        Client.Answer answer = reader.get("/data/experiments/SIM_E00001?format=json");
        // Then
        assertThat(answer.status()).isEqualTo(404);
        assertThat(reader.get("/data/projects").rows()).isEmpty();
        assertThat(reader.get("/data/experiments").rows()).isEmpty();
        assertThat(reader.get("/data/projects/SPN01/experiments").status()).isEqualTo(403);
        assertThat(reader.get("/xapi/users").status()).isEqualTo(403);
    }

    @Test
    void readersMayNotWrite() {
        // Given an account that may only read
        sim.accounts().put(User.reader("reader", "pw", Set.of("SPN01")));
        // When
        Client.Answer answer =
                Client.session(sim, "reader", "pw").put("/data/experiments/SIM_E00001?label=new", new byte[0]);
        // Then
        assertThat(answer.status()).isEqualTo(403);
    }

    @Test
    void basicWithoutCookieOpensASessionEachTime() {
        // Given three calls with basic authentication and no cookie
        Client client = Client.basic(sim, "svc", "secret");
        for (int i = 0; i < 2; i++) {
            client.get("/data/auth");
        }
        // When
        client.get("/data/auth");
        // Then
        assertThat(sim.accounts().openSessions("svc")).isEqualTo(3);
    }

    @Test
    void contextPath() throws Exception {
        // Given a server whose application is not at the root
        try (XnatSimulator elsewhere = XnatSimulator.builder()
                .users(Map.of("svc", "secret"))
                .contextPath("/xnat")
                .start()) {
            // When
            Client.Answer answer = Client.session(elsewhere, "svc", "secret").get("/data/projects");
            // Then
            assertThat(elsewhere.url().getPath()).isEqualTo("/xnat");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(Client.guest(elsewhere).get("/").header("Location")).isEqualTo("/xnat/app/template/Login.vm");
        }
    }
}
