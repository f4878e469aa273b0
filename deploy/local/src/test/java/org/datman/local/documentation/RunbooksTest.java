package org.datman.local.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each alert has its runbook, its rule a test of promtool, and each runbook its alert. */
class RunbooksTest {

    private static final Path RULES = Pages.ROOT.resolve("deploy/observability/datman-rules.yml");
    private static final Path TESTS = Pages.ROOT.resolve("deploy/observability/datman-rules-test.yml");
    private static final Path RUNBOOKS = Pages.ROOT.resolve("docs/runbooks.md");

    @Test
    void eachAlertHasARunbookAndEachRunbookAnAlert() throws IOException {
        // Given
        List<String> alerts = found("alert: (\\w+)", RULES);
        List<String> links = found("runbook: docs/runbooks\\.md#(\\w+)", RULES);

        // When
        List<String> sections = found("(?m)^## (\\w+)$", RUNBOOKS);

        // Then
        assertThat(alerts).hasSizeGreaterThan(10).doesNotHaveDuplicates();
        assertThat(sections).containsExactlyElementsOf(alerts);
        assertThat(links)
                .containsExactlyElementsOf(alerts.stream()
                        .map(alert -> alert.toLowerCase(java.util.Locale.ROOT))
                        .toList());
    }

    @Test
    void eachAlertIsTestedToStaySilent() throws IOException {
        // Given
        List<String> alerts = found("alert: (\\w+)", RULES);

        // When
        List<String> tested = found("alertname: (\\w+)", TESTS);

        // Then they are, and each is tested to fire
        assertThat(tested).containsExactlyElementsOf(alerts);
        assertThat(found("alertname=\"(\\w+)\"", TESTS)).containsAll(alerts);
    }

    @Test
    void prometheusItselfSaysThatEachFiresWhenItShould() throws Exception {
        // Given Prometheus' own program
        assumeThat(Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, "promtool")))
                .as("promtool is not installed")
                .anyMatch(Files::isExecutable);

        // When
        Process process = new ProcessBuilder("promtool", "test", "rules", TESTS.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        // Then
        assertThat(process.waitFor()).as(output).isZero();
    }

    private static List<String> found(String pattern, Path file) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(file))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }
}
