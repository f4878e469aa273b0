package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.datman.embedded.FreePort;
import org.datman.local.InstallationSettings;
import org.datman.simulator.XnatSimulator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Error messages of {@code datman up} when it cannot start: problem, place, and action. */
class UpCommandTest {

    private static final String STUDY = "StudyTag: SPN\nXnatProjects: [SPN]\nSites: {CMH: {}}\n";

    @TempDir
    Path folder;

    private final Map<String, String> environment =
            new HashMap<>(Map.of("DATMAN_XNAT_USER", "datman", "DATMAN_XNAT_PASSWORD", "secret"));
    private final StringWriter output = new StringWriter();
    private Path studies;

    @BeforeEach
    void studies() throws IOException {
        studies = Files.createDirectories(folder.resolve("my-studies"));
        Files.writeString(studies.resolve("SPN.yml"), STUDY);
    }

    @Test
    void withoutAnAddressItAsksForOne() {
        // Given nothing

        // When
        int code = up("--config", studies.toString());

        // Then
        assertThat(output.toString()).contains("datman: Which XNAT? Give its address with --xnat URL");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void anAddressThatIsNoneIsReported() {
        // Given an address without its scheme

        // When
        int code = up("--xnat", "xnat.example.org", "--config", studies.toString());

        // Then
        assertThat(output.toString())
                .contains("--xnat is 'xnat.example.org', which is no web address; write https://…")
                .doesNotContain("Exception");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void aFolderWithoutStudiesIsReported() throws IOException {
        // Given
        Path empty = Files.createDirectories(folder.resolve("empty"));

        // When
        up("--xnat", "https://xnat.example.org", "--config", empty.toString());
        up(
                "--xnat",
                "https://xnat.example.org",
                "--config",
                folder.resolve("nowhere").toString());

        // Then
        assertThat(output.toString())
                .contains("There is no .yml or .yaml study file in " + empty)
                .contains("There is no folder " + folder.resolve("nowhere"));
    }

    @Test
    void anAccountThatIsMissingIsReportedWithHowToGiveIt() {
        // Given
        environment.remove("DATMAN_XNAT_PASSWORD");

        // When
        up("--xnat", "https://xnat.example.org", "--config", studies.toString());

        // Then
        assertThat(output.toString())
                .contains("set DATMAN_XNAT_USER and DATMAN_XNAT_PASSWORD (or DATMAN_XNAT_PASSWORD_FILE)");
    }

    @Test
    void aHeapThatIsNoSizeIsReportedBeforeAnythingStarts() {
        // Given
        environment.put("DATMAN_QC_HEAP", "3000");

        // When
        int code = up("--xnat", "https://xnat.example.org", "--config", studies.toString());

        // Then
        assertThat(output.toString()).contains("DATMAN_QC_HEAP is '3000'").contains("2048m or 3g");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void aHeapThatIsNoSizeIsReportedBeforeADemoScansAnything() {
        // Given
        environment.put("DATMAN_QC_HEAP", "64m");

        // When
        int code = datman("demo");

        // Then
        assertThat(output.toString())
                .contains("datman: DATMAN_QC_HEAP is '64m'")
                .contains("at least 128m")
                .doesNotContain("Scanning");
        assertThat(code).isEqualTo(1);
        assertThat(folder.resolve("home")).doesNotExist();
    }

    @Test
    void aPasswordFileThatIsNotThereIsReported() throws IOException {
        // Given
        environment.remove("DATMAN_XNAT_PASSWORD");
        environment.put(
                "DATMAN_XNAT_PASSWORD_FILE", folder.resolve("no-such-file").toString());

        // When
        int code;
        try (XnatSimulator xnat = xnat()) {
            code = up("--xnat", xnat.url().toString(), "--config", studies.toString());
        }

        // Then
        assertThat(output.toString())
                .contains("The password file " + folder.resolve("no-such-file"))
                .contains("does not exist")
                .contains("Nothing was started");
        assertThat(code).as("which systemd does not answer by another login").isEqualTo(77);
    }

    @Test
    void faultsOfStudyFilesAreReportedAndThePortThatIsTakenWithItsOwner() throws IOException {
        // Given a folder with a good and a faulty study, and somebody on the port of the webhooks
        Files.writeString(studies.resolve("BAD.yml"), "StudyTag: BAD\nXnatProject: [BAD]\nSites: {CMH: {}}\n");
        try (XnatSimulator xnat = xnat();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {

            // When
            int code = up(
                    "--xnat",
                    xnat.url().toString(),
                    "--config",
                    studies.toString(),
                    "--webhook-bind",
                    "127.0.0.1",
                    "--webhook-port",
                    Integer.toString(taken.getLocalPort()),
                    "--dashboard-port",
                    Integer.toString(FreePort.any()));

            // Then
            assertThat(output.toString())
                    .contains("BAD.yml:2:")
                    .contains("(valid: SPN)")
                    .contains("knows the account 'datman'")
                    .contains("DATMAN did not start: Port " + taken.getLocalPort() + " on 127.0.0.1 (webhook.port)")
                    .contains("--webhook-port");
            assertThat(code).isEqualTo(1);
        }
    }

    @Test
    void whatItReceivedIsKeptForTheNextStart() throws IOException {
        // Given a start that failed late
        try (XnatSimulator xnat = xnat();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            up(
                    "--xnat",
                    xnat.url().toString(),
                    "--config",
                    studies.toString(),
                    "--webhook-bind",
                    "127.0.0.1",
                    "--webhook-port",
                    Integer.toString(taken.getLocalPort()));

            // When
            InstallationSettings kept = InstallationSettings.read(folder.resolve("home/settings.properties"));

            // Then
            assertThat(kept.get(InstallationSettings.XNAT)).contains(xnat.url().toString());
            assertThat(kept.get(InstallationSettings.STUDIES)).contains(studies.toString());
            assertThat(kept.get(InstallationSettings.WEBHOOK_PORT)).contains(Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void anOrthancIsReadInsteadOfTheXnatOfTheLastStart() throws IOException {
        // Given an installation of an XNAT, and an Orthanc that does not answer
        Path settings = Files.createDirectories(folder.resolve("home")).resolve("settings.properties");
        Files.writeString(settings, "xnat=https://xnat.example.org\n");
        environment.putAll(Map.of("DATMAN_ORTHANC_USER", "reader", "DATMAN_ORTHANC_PASSWORD", "secret"));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {

            // When
            up(
                    "--orthanc",
                    "http://127.0.0.1:" + FreePort.any(),
                    "--config",
                    studies.toString(),
                    "--webhook-bind",
                    "127.0.0.1",
                    "--webhook-port",
                    Integer.toString(taken.getLocalPort()));
        }

        // Then
        assertThat(output.toString())
                .contains("The server does not answer now; DATMAN starts and waits for it (Orthanc");
        InstallationSettings kept = InstallationSettings.read(settings);
        assertThat(kept.get(InstallationSettings.XNAT)).isEmpty();
        assertThat(kept.get(InstallationSettings.ORTHANC)).isPresent();
    }

    @Test
    void anAccountOnOrthancThatIsMissingIsReportedWithHowToGiveIt() {
        // Given an account for an XNAT only

        // When
        up("--orthanc", "http://orthanc.example.org:8042", "--config", studies.toString());
        up("--orthanc", "http://o.example.org", "--xnat", "http://x.example.org", "--config", studies.toString());

        // Then
        assertThat(output.toString())
                .contains("set DATMAN_ORTHANC_USER and DATMAN_ORTHANC_PASSWORD (or DATMAN_ORTHANC_PASSWORD_FILE)")
                .contains("Give --xnat or --orthanc: an installation reads one server");
    }

    @Test
    void aFolderThatCannotBeWrittenIsReported() throws IOException {
        // Given a file where the installation's folder should be
        Files.writeString(folder.resolve("home"), "");

        // When
        int code;
        try (XnatSimulator xnat = xnat()) {
            code = up("--xnat", xnat.url().toString(), "--config", studies.toString());
        }

        // Then
        assertThat(output.toString())
                .contains("datman: " + folder.resolve("home"))
                .doesNotContain("Exception");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void anOptionThatDoesNotExistIsReportedWithTheOneThatWasMeant() {
        // Given a slip of the hand

        // When
        int code = up("--webhok-port", "8081");

        // Then
        assertThat(output.toString()).contains("Unknown option").contains("--webhook-port");
        assertThat(code).isEqualTo(2);
    }

    private static XnatSimulator xnat() throws IOException {
        return XnatSimulator.builder().users(Map.of("datman", "secret")).start();
    }

    private int up(String... options) {
        return datman("up", options);
    }

    private int datman(String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                command, "--home", folder.resolve("home").toString(), "--checkout", System.getProperty("datman.root")));
        arguments.addAll(List.of(options));
        PrintWriter out = new PrintWriter(output, true);
        return DatmanCommand.commandLine(environment).setOut(out).setErr(out).execute(arguments.toArray(String[]::new));
    }
}
