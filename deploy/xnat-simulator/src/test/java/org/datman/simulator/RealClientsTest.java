package org.datman.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Common XNAT clients against the simulator: an operation that fails here is a difference from XNAT. Needs Python and PyPI;
 * skipped with a message elsewhere.
 */
class RealClientsTest {

    private static final int LONGEST_SECONDS = 240;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "xnatpy, xnat==0.5.1 setuptools==80.9.0",
        "xnatctl, xnatctl==0.2.7",
        "dicomweb, dicomweb-client==0.61.2 pydicom==3.0.2",
        // dax is built on pyxnat: one environment serves both.
        "pyxnat dax, dax==2.18.0 pyxnat==1.6.4 nibabel==5.3.2 pandas==2.3.3 setuptools==80.9.0"
    })
    void everyOperationOfTheClientWorks(String clients, String packages) throws Exception {
        // Given
        Path python = python(packages);
        List<String> wanted = new ArrayList<>();
        for (String client : clients.split(" ")) {
            operations(client).forEach(operation -> wanted.add(client + "\t" + operation + "\tok"));
        }

        // When
        List<String> done = new ArrayList<>();
        for (String client : clients.split(" ")) {
            done.addAll(done(client, python));
        }

        // Then
        assertThat(done).containsExactlyElementsOf(wanted);
    }

    /** The result of each operation of a client on a new XNAT with one session. */
    private List<String> done(String client, Path python) throws Exception {
        try (XnatSimulator sim =
                XnatSimulator.builder().users(Map.of("svc", "secret")).start()) {
            Client.session(sim, "svc", "secret")
                    .with("Content-Type", "application/zip")
                    .post(
                            "/data/services/import?inbody=true&dest=/archive&Ignore-Unparsable=true"
                                    + "&project=P&subject=S&session=P_S_01",
                            Dicoms.zip(Dicoms.session(folder.resolve(client))));
            sim.archive().createProject("Q");
            String output = run(List.of(
                    python.toString(),
                    Path.of("src/test/python/clients.py").toAbsolutePath().toString(),
                    sim.url().toString(),
                    "svc",
                    "secret",
                    client));
            return output.lines().filter(line -> line.startsWith(client + "\t")).toList();
        }
    }

    /** What the script does with a client. */
    private static List<String> operations(String client) throws IOException {
        String script = Files.readString(Path.of("src/test/python/clients.py"));
        int from = script.indexOf("def with_" + client + "()");
        int end = script.indexOf("\n\n\n", from);
        return Pattern.compile("^\\s+\\(\"([^\"]+)\", ", Pattern.MULTILINE)
                .matcher(script.substring(from, end))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @Test
    void theTableOfThePageIsWhatIsRun() throws IOException {
        // Given what is run, by operation
        List<String> clients = List.of("xnatpy", "pyxnat", "xnatctl", "dax", "dicomweb", "DATMAN");
        Map<String, List<String>> run = new TreeMap<>();
        for (String client : clients) {
            List<String> operations =
                    client.equals("DATMAN") ? DatmanRequestsTest.operations().toList() : operations(client);
            for (String operation : operations) {
                run.computeIfAbsent(operation, o -> new ArrayList<>()).add(client);
            }
        }

        // When
        Map<String, List<String>> reported = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("../../docs/xnat.md"))) {
            String[] cells = line.split("\\|", -1);
            if (cells.length != clients.size() + 3 || !line.contains(" run ")) {
                continue;
            }
            for (int i = 0; i < clients.size(); i++) {
                if (cells[i + 2].strip().equals("run")) {
                    reported.computeIfAbsent(cells[1].strip(), o -> new ArrayList<>())
                            .add(clients.get(i));
                }
            }
        }

        // Then
        assertThat(reported).isEqualTo(run);
    }

    /** An environment with these packages; their versions are fixed, so one that is complete stays until target is removed. */
    private static Path python(String packages) throws Exception {
        Path environment = Path.of(
                        "target", "python", DigestUtils.sha256Hex(packages).substring(0, 12))
                .toAbsolutePath();
        Path python = environment.resolve("bin/python");
        Path complete = environment.resolve("complete");
        if (Files.exists(complete)) {
            return python;
        }
        assumeTrue(
                succeeds(List.of("python3", "-m", "venv", "--clear", environment.toString())),
                "skipped: no Python with venv here");
        List<String> install = new ArrayList<>(List.of(
                python.toString(), "-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check"));
        install.addAll(List.of(packages.split(" ")));
        assumeTrue(succeeds(install), "skipped: " + packages + " cannot be installed from PyPI here");
        Files.createFile(complete);
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
