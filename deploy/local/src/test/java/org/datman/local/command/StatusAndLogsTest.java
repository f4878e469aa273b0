package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.datman.local.InstallationFolder;
import org.datman.local.process.RunState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The output when nothing runs. */
class StatusAndLogsTest {

    private static final long NO_PROCESS = Long.MAX_VALUE;

    @TempDir
    Path folder;

    private final StringWriter output = new StringWriter();

    @Test
    void theReasonOfTheLastStartThatFailedIsReported() throws IOException {
        // Given
        new RunState(NO_PROCESS, "failed", "Port 8081 is taken", "", "", "", "", "XNAT", "", 0, List.of())
                .write(folder.resolve("run.json"));

        // When
        int code = datman("status");

        // Then
        assertThat(output.toString())
                .contains("DATMAN is not running (its state is in " + folder + ")")
                .contains("the last start failed: Port 8081 is taken");
        assertThat(code).isEqualTo(3);
    }

    @Test
    void theServerIsCalledWhatItIsAndAnOrthancHasNoAddressOfWebhooks() throws IOException {
        // Given
        RunState state = new RunState(
                NO_PROCESS, "up", "", "", "", "", "", "Orthanc", "http://orthanc.example.org:8042", 0, List.of());

        // When
        Addresses.print(new PrintWriter(output), new InstallationFolder(folder, folder), folder, state);

        // Then
        assertThat(output.toString())
                .contains("  Orthanc    http://orthanc.example.org:8042")
                .doesNotContain("XNAT")
                .doesNotContain("Webhooks");
    }

    @Test
    void theStateThatAnEarlierSupervisorWroteIsReadAndItsServerIsAnXnat() throws IOException {
        // Given a file without the component product, and without the numbers of processes that came later
        Path file = Files.writeString(folder.resolve("run.json"), """
                {"pid": 1, "phase": "up", "message": "", "bootstrapServers": "localhost:9092", "jdbcUrl": "jdbc:postgresql://localhost/datman",
                 "dashboardUrl": "http://localhost:8081", "webhookUrl": "http://localhost:8101/webhook",
                 "xnatUrl": "https://xnat.example.org", "readyMillis": 9000,
                 "services": [{"name": "qc", "pid": 2, "restarts": 0, "health": "", "log": "qc.log"}]}""");

        // When
        RunState state = RunState.read(file).orElseThrow();

        // Then
        assertThat(state.product()).isEqualTo("XNAT");
        assertThat(state.xnatUrl()).isEqualTo("https://xnat.example.org");
        assertThat(state.services()).singleElement().satisfies(service -> assertThat(service.peakMemoryKiB())
                .isZero());
    }

    @Test
    void aLogWithOddBytesIsShownFromItsEnd() throws IOException {
        // Given
        Files.createDirectories(folder.resolve("logs"));
        Files.write(folder.resolve("logs/qc.log"), new byte[] {'a', '\n', 'b', (byte) 0xFF, '\n', 'c', '\n'});

        // When
        int code = datman("logs", "qc", "-n", "2");

        // Then
        assertThat(output.toString()).contains("b\uFFFD").contains("c").doesNotContain("a\n");
        assertThat(code).isZero();
    }

    @Test
    void aLogThatIsNotThereIsReportedWithThoseThatAre() throws IOException {
        // Given
        Files.createDirectories(folder.resolve("logs"));
        Files.writeString(folder.resolve("logs/qc.log"), "");
        Files.writeString(folder.resolve("logs/kafka.log"), "");

        // When
        int code = datman("logs", "qcc");

        // Then
        assertThat(output.toString()).contains("There is no log of 'qcc' (there is kafka, qc) in " + folder);
        assertThat(code).isEqualTo(1);
    }

    private int datman(String command, String... options) {
        PrintWriter out = new PrintWriter(output, true);
        String[] arguments = new String[options.length + 5];
        arguments[0] = command;
        arguments[1] = "--home";
        arguments[2] = folder.toString();
        arguments[3] = "--checkout";
        arguments[4] = folder.toString();
        System.arraycopy(options, 0, arguments, 5, options.length);
        return DatmanCommand.commandLine(Map.of()).setOut(out).setErr(out).execute(arguments);
    }
}
