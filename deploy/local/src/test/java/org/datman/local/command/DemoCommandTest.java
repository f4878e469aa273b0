package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoCommandTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "--project P, --project is used with --from only",
        "--references r --check, --references is used with --from only",
        "--reference-kinds k, --reference-kinds is used with --from only",
        "--scenario s --from d, --scenario and --from exclude each other"
    })
    void anOptionThatNothingWouldComeOfIsReported(String options, String why) {
        // Given
        StringWriter output = new StringWriter();
        PrintWriter out = new PrintWriter(output, true);
        List<String> arguments = new ArrayList<>(List.of(
                "demo", "--home", folder.resolve("home").toString(), "--checkout", System.getProperty("datman.root")));
        arguments.addAll(List.of(options.split(" ")));

        // When
        int code =
                DatmanCommand.commandLine(Map.of()).setOut(out).setErr(out).execute(arguments.toArray(String[]::new));

        // Then
        assertThat(output.toString()).contains(why);
        assertThat(code).isEqualTo(2);
        assertThat(folder.resolve("home")).doesNotExist();
    }
}
