package org.datman.bids.validation;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.datman.bids.schema.BidsSchema;

/** The validator of the BIDS maintainers, installed from PyPI into a folder of its own; it runs on Deno. */
final class OfficialValidator {

    private static final String PACKAGE = "bids-validator-deno==3.0.2";

    /** Parts that DATMAN does not check, and says so. */
    private static final Set<String> NOT_CHECKED = Set.of("HED_ERROR", "HED_WARNING", "CITATION_CFF_VALIDATION_ERROR");

    private final Path program;
    private final Path work;

    private OfficialValidator(Path program, Path work) {
        this.program = program;
        this.work = work;
    }

    /** What a finding is about; texts are each program's own. */
    record Key(String code, String subCode, String severity, String location) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return toString().compareTo(other.toString());
        }
    }

    /** Installs it; the test is skipped with a message where Python or PyPI is missing. */
    static OfficialValidator install(Path folder) throws IOException, InterruptedException {
        Path environment = folder.resolve("python");
        assumeTrue(
                run(folder, List.of("python3", "-m", "venv", environment.toString())) == 0,
                "skipped: no Python with venv here");
        String python = environment.resolve("bin/python").toString();
        assumeTrue(
                run(folder, List.of(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE))
                        == 0,
                "skipped: " + PACKAGE + " cannot be installed from PyPI here");
        return new OfficialValidator(environment.resolve("bin/bids-validator-deno"), folder);
    }

    /** What it finds in a dataset, of all rows of tables. */
    Set<Key> validate(Path dataset, boolean readHeaders) throws IOException, InterruptedException {
        Path output = work.resolve("official.json");
        Files.deleteIfExists(output);
        List<String> command = new ArrayList<>(
                List.of(program.toString(), "--format", "json", "--max-rows", "-1", "-o", output.toString()));
        if (!readHeaders) {
            command.add("--ignoreNiftiHeaders");
        }
        command.add(dataset.toString());
        run(work, command);
        JsonNode issues = new ObjectMapper().readTree(output.toFile()).at("/issues/issues");
        if (!issues.isArray()) {
            throw new IOException("no list of issues for " + dataset);
        }
        Set<Key> keys = new TreeSet<>();
        for (JsonNode issue : issues) {
            if (!NOT_CHECKED.contains(issue.path("code").asText())) {
                keys.add(new Key(
                        issue.path("code").asText(),
                        issue.path("subCode").asText(""),
                        issue.path("severity").asText(),
                        issue.path("location").asText("")));
            }
        }
        return keys;
    }

    /** What DATMAN finds in it. */
    static Set<Key> ours(Path dataset, boolean readHeaders) throws IOException {
        Set<Key> keys = new TreeSet<>();
        new BidsValidator(dataset, BidsSchema.bundled(), readHeaders)
                .validate()
                .findings()
                .forEach(finding -> keys.add(new Key(
                        finding.code(),
                        finding.subCode(),
                        finding.severity().name().toLowerCase(Locale.ROOT),
                        finding.location())));
        return keys;
    }

    static int run(Path folder, List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output.txt").toFile())
                    .start();
            if (!process.waitFor(180, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return -1;
            }
            return process.exitValue();
        } catch (IOException notThere) {
            return -1;
        }
    }
}
