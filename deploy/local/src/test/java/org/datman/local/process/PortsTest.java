package org.datman.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.datman.local.InstallationSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {

    @TempDir
    Path folder;

    @Test
    void aPortIsTheSameAtTheNextStart() throws IOException {
        // Given
        int first = Ports.kept(settings()).port("kafka.port");

        // When
        int second = Ports.kept(settings()).port("kafka.port");

        // Then
        assertThat(second).isEqualTo(first);
    }

    @Test
    void webhooksComeInOnEveryAddressUnlessSetOtherwiseAndPagesOnLoopback() throws IOException {
        // Given
        Ports ports = Ports.kept(settings());

        // When
        String webhooks = ports.bind(InstallationSettings.WEBHOOK_BIND);

        // Then
        assertThat(webhooks).isEqualTo("0.0.0.0");
        assertThat(ports.bind(InstallationSettings.DASHBOARD_BIND)).isEqualTo("127.0.0.1");
        assertThat(ports.bind("postgres.bind")).isEqualTo("127.0.0.1");
    }

    @Test
    void nobodyElseReachesThePortOfWebhooksWhereAnOrthancPostsNone() throws IOException {
        // Given
        Files.writeString(folder.resolve("settings.properties"), "orthanc=http://orthanc.example.org:8042\n");

        // When
        String webhooks = Ports.kept(settings()).bind(InstallationSettings.WEBHOOK_BIND);

        // Then
        assertThat(webhooks).isEqualTo("127.0.0.1");
    }

    @Test
    void aTakenPortIsReportedWithItsOwnerAndHowToChooseAnother() throws IOException {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            InstallationSettings settings = settings();
            settings.set(InstallationSettings.WEBHOOK_BIND, "127.0.0.1");
            settings.set(InstallationSettings.WEBHOOK_PORT, taken.getLocalPort());
            Ports ports = Ports.kept(settings);

            // When, then
            assertThatThrownBy(() -> ports.port(InstallationSettings.WEBHOOK_PORT))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Port " + taken.getLocalPort() + " on 127.0.0.1 (webhook.port)")
                    .hasMessageContaining(
                            Files.isDirectory(Path.of("/proc/net"))
                                    ? "process " + ProcessHandle.current().pid() + " ("
                                    : "cannot be opened")
                    .hasMessageContaining(
                            "--webhook-port, DATMAN_WEBHOOK_PORT or webhook.port=… in " + settings.file());
        }
    }

    @Test
    void whatIsNoPortIsReported() throws IOException {
        // Given
        Files.writeString(folder.resolve("settings.properties"), "dashboard.port=808O\n");
        Ports ports = Ports.kept(settings());

        // When, then
        assertThatThrownBy(() -> ports.port(InstallationSettings.DASHBOARD_PORT))
                .hasMessageContaining("dashboard.port in")
                .hasMessageContaining("'808O'; a port is a number from 1 to 65535");
    }

    @Test
    void settingsSurviveTheirFile() throws IOException {
        // Given
        InstallationSettings settings = settings();
        settings.set(InstallationSettings.STUDIES, "/a folder/with = and #");
        settings.write();

        // When
        InstallationSettings again = settings();

        // Then
        assertThat(again.get(InstallationSettings.STUDIES)).contains("/a folder/with = and #");
    }

    private InstallationSettings settings() throws IOException {
        return InstallationSettings.read(folder.resolve("settings.properties"));
    }
}
