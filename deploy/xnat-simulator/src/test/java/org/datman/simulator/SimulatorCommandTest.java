package org.datman.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SimulatorCommandTest {

    @ParameterizedTest
    @CsvSource({
        "--project P, --project is used with --data only",
        "--arrive-over 5, --arrive-over is used with --data only",
        "--webhook-secret-file f, --webhook-secret-file is used with --webhook only",
        "--shape SCRIPT, --shape is used with --webhook only"
    })
    void anOptionThatNothingWouldComeOfIsReported(String options, String why) {
        // Given
        StringWriter printed = new StringWriter();

        // When
        int code = new CommandLine(new SimulatorCommand())
                .setErr(new PrintWriter(printed, true))
                .execute(("--port 0 " + options).split(" "));

        // Then
        assertThat(code).isEqualTo(2);
        assertThat(printed.toString()).contains(why);
    }
}
