package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.datman.contracts.event.EventJson;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Three short seeds, one after the other on one system. */
class ChaosCommandTest {

    @TempDir
    Path folder;

    @Test
    void nothingIsLostDoubledOrChangedUnderThreeSchedulesOfFaults() throws Exception {
        // Given
        Path root = Path.of(System.getProperty("datman.root"));
        Assumptions.assumeTrue(
                Files.exists(root.resolve("dashboard-service/target/quarkus-app/quarkus-run.jar")),
                "The services are not built; run this test with: mvn verify");
        Path report = folder.resolve("report.json");
        StringWriter output = new StringWriter();
        CommandLine datman = DatmanCommand.commandLine(Map.of()).setOut(new PrintWriter(output, true));

        // When
        int code = datman.execute(
                "chaos",
                "--home",
                folder.resolve("home").toString(),
                "--checkout",
                root.toString(),
                "--seed",
                "1,2,3",
                "--minutes",
                "0.25",
                "--sessions",
                "2",
                "--report",
                report.toString());

        // Then
        assertThat(code).as(output.toString()).isZero();
        JsonNode seeds = EventJson.mapper().readTree(report.toFile()).get("seeds");
        assertThat(seeds).hasSize(3).allSatisfy(seed -> {
            assertThat(seed.get("violations")).isEmpty();
            assertThat(seed.findValuesAsText("outcome")).contains("applied");
        });
    }
}
