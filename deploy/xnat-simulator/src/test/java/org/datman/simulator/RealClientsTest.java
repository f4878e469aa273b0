package org.datman.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The field's own clients against the simulator: what a client cannot do here is not XNAT. Needs Python and PyPI; skipped with
 * a word elsewhere.
 */
class RealClientsTest {

    private static final int LONGEST_SECONDS = 240;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "xnatpy, xnat==0.5.1 setuptools==80.9.0",
        "pyxnat, pyxnat==1.6.4 nibabel==5.3.2 pandas==2.3.3 setuptools==80.9.0"
    })
    void everyOperationOfTheClientWorks(String client, String packages) throws Exception {
        // Given
        Path python = python(packages);
        try (XnatSimulator sim =
                XnatSimulator.builder().users(Map.of("svc", "secret")).start()) {
            Client.session(sim, "svc", "secret")
                    .with("Content-Type", "application/zip")
                    .post(
                            "/data/services/import?inbody=true&dest=/archive&Ignore-Unparsable=true"
                                    + "&project=P&subject=S&session=P_S_01",
                            Dicoms.zip(Dicoms.session(folder.resolve("x"))));

            // When
            String output = run(List.of(
                    python.toString(),
                    Path.of("src/test/python/clients.py").toAbsolutePath().toString(),
                    sim.url().toString(),
                    "svc",
                    "secret",
                    client));

            // Then
            assertThat(output.lines().filter(line -> line.startsWith(client + "\t")))
                    .hasSizeGreaterThanOrEqualTo(10)
                    .allMatch(line -> line.endsWith("\tok"));
        }
    }

    @Test
    void theTableOfThePageNamesEveryOperation() throws IOException {
        // Given
        String script = Files.readString(Path.of("src/test/python/clients.py"));
        List<String> operations = java.util.regex.Pattern.compile(
                        "^\\s+\\(\"([^\"]+)\", ", java.util.regex.Pattern.MULTILINE)
                .matcher(script)
                .results()
                .map(match -> match.group(1))
                .distinct()
                .toList();

        // When
        String page = Files.readString(Path.of("../../docs/xnat.md"));

        // Then
        assertThat(operations).hasSizeGreaterThan(10).allMatch(operation -> page.contains("| " + operation + " |"));
    }

    private Path python(String packages) throws Exception {
        Path environment = folder.resolve("python");
        assumeTrue(
                succeeds(List.of("python3", "-m", "venv", environment.toString())),
                "skipped: no Python with venv here");
        Path python = environment.resolve("bin/python");
        List<String> install = new java.util.ArrayList<>(
                List.of(python.toString(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"));
        install.addAll(List.of(packages.split(" ")));
        assumeTrue(succeeds(install), "skipped: " + packages + " cannot be installed from PyPI here");
        return python;
    }

    private static boolean succeeds(List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException notThere) {
            return false;
        }
    }

    private String run(List<String> command) throws Exception {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }
}
