package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BidsCommandTest {

    @TempDir
    Path folder;

    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @BeforeEach
    void aDataset() throws IOException {
        Files.writeString(
                folder.resolve("dataset_description.json"),
                "{\"Name\": \"n\", \"BIDSVersion\": \"1.11.1\", \"HEDVersion\": \"8.2.0\"}");
        Files.writeString(folder.resolve("README"), "About the dataset. ".repeat(20));
        Files.createDirectories(folder.resolve("sub-01/anat"));
    }

    @Test
    void aDatasetWithoutErrorIsSaidToBeSo() {
        // When
        int code = run("bids", "validate", folder.toString());

        // Then
        assertThat(output.toString())
                .contains("warning JSON_KEY_RECOMMENDED: the file lacks a field that is recommended, 1 file(s)")
                .contains("not checked: HED tags are not checked")
                .contains("0 error(s), ")
                .contains("by BIDS 1.11.1 (schema 1.2.7)");
        assertThat(code).isZero();
    }

    @Test
    void errorsAreGroupedByCodeWithTheirPlaces() throws IOException {
        // Given
        for (int i = 1; i <= 5; i++) {
            Files.writeString(folder.resolve("sub-01/anat/notes" + i + ".txt"), "x");
        }

        // When
        int code = run("bids", "validate", folder.toString());
        int codeOfAll = run("bids", "validate", "--all", folder.toString());

        // Then
        assertThat(output.toString())
                .contains("error NOT_INCLUDED: ", "5 file(s)", "    /sub-01/anat/notes3.txt\n    and 2 more")
                .contains("    /sub-01/anat/notes5.txt");
        assertThat(code).isEqualTo(1);
        assertThat(codeOfAll).isEqualTo(1);
    }

    @Test
    void programsReadTheFindingsAsJson() throws IOException {
        // Given
        Files.writeString(folder.resolve("sub-01/anat/sub-01_T1w.json"), "{}");

        // When
        int code = run("bids", "validate", "--json", folder.toString());

        // Then
        JsonNode report = new ObjectMapper().readTree(output.toString());
        assertThat(report.get("schemaVersion").asText()).isEqualTo("1.2.7");
        assertThat(report.get("findings").get(0).get("code").asText()).isEqualTo("SIDECAR_WITHOUT_DATAFILE");
        assertThat(report.get("findings").get(0).get("location").asText()).isEqualTo("/sub-01/anat/sub-01_T1w.json");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void aFolderThatIsNotThereIsAnErrorOfItsOwn() {
        // When
        int code = run("bids", "validate", folder.resolve("none").toString());

        // Then
        assertThat(errors.toString()).contains("none");
        assertThat(code).isEqualTo(2);
    }

    @Test
    void theBenchmarkPrintsItsTimes() {
        // When
        int code = run("bids", "bench", "--sessions", "2", "--runs", "3");

        // Then
        assertThat(output.toString()).contains("2 sessions, 62 files").contains("one sidecar changed: median");
        assertThat(code).isLessThan(2);
    }

    private int run(String... arguments) {
        CommandLine commands = DatmanCommand.commandLine(Map.of());
        return commands.setOut(new PrintWriter(output))
                .setErr(new PrintWriter(errors))
                .execute(arguments);
    }
}
