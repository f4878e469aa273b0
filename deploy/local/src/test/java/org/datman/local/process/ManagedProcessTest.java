package org.datman.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.datman.local.InstallationFolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManagedProcessTest {

    private final AtomicInteger status = new AtomicInteger(200);
    private HttpServer server;

    @TempDir
    Path folder;

    @BeforeEach
    void serve() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 1);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aProcessThatReportsForLongThatItDoesNotWorkIsStartedAgain() throws Exception {
        // Given
        ManagedProcess process = process(List.of("sleep", "600"));
        process.start();
        assertThat(process.endIfStuck(Duration.ZERO, Duration.ZERO)).isFalse();

        // When
        status.set(503);
        boolean ended = process.endIfStuck(Duration.ZERO, Duration.ZERO);

        // Then
        assertThat(ended).isTrue();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(process::reviveIfDead);
        assertThat(process.alive()).isTrue();
        assertThat(process.restarts()).isEqualTo(1);
        process.stop(Duration.ofSeconds(15));
    }

    @Test
    void aProcessIsGivenTimeToRecover() throws Exception {
        // Given
        ManagedProcess process = process(List.of("sleep", "600"));
        process.start();
        status.set(503);

        // When
        boolean ended = process.endIfStuck(Duration.ZERO, Duration.ofHours(1));

        // Then
        assertThat(ended).isFalse();
        process.stop(Duration.ofSeconds(15));
    }

    @Test
    void whatAKilledSupervisorLeftIsFoundAndEndedWithItsChildren() throws Exception {
        // Given a process of the installation, and one of another
        InstallationFolder home = new InstallationFolder(folder.resolve("home"), folder);
        ManagedProcess ours = process(List.of("sh", "-c", "sleep 600 & wait", Orphans.mark(home)));
        ManagedProcess others = process(List.of(
                "sh", "-c", "sleep 600 & wait", Orphans.mark(new InstallationFolder(folder.resolve("other"), folder))));
        ours.start();
        others.start();

        // When
        int ended = Orphans.end(home);

        // Then
        assertThat(ended).isEqualTo(1);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !ours.alive());
        assertThat(others.alive()).isTrue();
        others.stop(Duration.ofSeconds(15));
    }

    private ManagedProcess process(List<String> command) {
        URI health = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        return new ManagedProcess("one", command, Map.of(), health, health, folder.resolve("one.log"), folder);
    }
}
