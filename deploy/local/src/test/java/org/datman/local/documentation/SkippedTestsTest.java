package org.datman.local.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code .ci/skips} and its list. */
class SkippedTestsTest {

    private static final Path ROOT = Path.of(System.getProperty("datman.root"));

    @TempDir
    Path folder;

    private record Ended(int code, List<String> lines) {}

    @Test
    void aSkippedTestIsReportedWithItsReason() throws Exception {
        // Given reports as Surefire writes them of JUnit's assumptions, AssertJ's, and a disabled test
        report("OtherProgramsDwiTest", """
                <skipped type="org.opentest4j.TestAbortedException"><![CDATA[org.opentest4j.TestAbortedException: Assumption failed: skipped: no dwi2tensor; apt-get install mrtrix3
                \tat org.junit.jupiter.api.Assumptions.throwAssumptionFailed(Assumptions.java:340)
                ]]></skipped>""");
        report("BrowserTest", """
                <skipped type="org.opentest4j.TestAbortedException"><![CDATA[org.opentest4j.TestAbortedException: assumption was not met due to:\s
                [Chromium is not installed]\s
                Expecting value to be true but was false
                ]]></skipped>""");
        report("LaterTest", "<skipped message=\"later &amp; &quot;slow&quot;\"/>");

        // When
        Ended ended = skips(folder.toString(), "0");

        // Then
        assertThat(ended.code()).isZero();
        assertThat(ended.lines())
                .containsExactly(
                        "Skipped: BrowserTest (2): [Chromium is not installed]  [not listed in .ci/skips.tsv: CI fails]",
                        "Skipped: LaterTest (2): later & \"slow\" [not listed in .ci/skips.tsv: CI fails]",
                        "Skipped: OtherProgramsDwiTest (2): no dwi2tensor; apt-get install mrtrix3");
    }

    @Test
    void ciFailsOnASkipThatIsNotListed() throws Exception {
        // Given one that is listed, and one of the same class for another reason
        report("RealClientsTest", "<skipped message=\"dax 2.13 cannot be installed from PyPI here\"/>");
        report("RealClientsTest", "<skipped message=\"the moon is full\"/>");

        // When
        Ended ended = skips("--unlisted", folder.toString(), "0");

        // Then
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.lines()).singleElement().asString().contains("RealClientsTest (2): the moon is full");
    }

    @Test
    void reportsOfAnotherRunDoNotCount() throws Exception {
        // Given
        report("LaterTest", "<skipped/>");

        // When
        Ended ended = skips(folder.toString(), "32472144000");

        // Then
        assertThat(ended).isEqualTo(new Ended(0, List.of()));
    }

    @Test
    void ciFailsWithoutReports() throws Exception {
        // Given no report of this run
        report("LaterTest", "<skipped/>");

        // When
        Ended ended = skips("--unlisted", folder.toString(), "32472144000");

        // Then
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.lines()).singleElement().asString().contains("No reports of tests");
    }

    @Test
    void theListNamesTestsThatExistAndStatesWhy() throws Exception {
        // Given
        List<String[]> rows = Files.readAllLines(ROOT.resolve(".ci/skips.tsv")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t", -1))
                .toList();

        // When
        Set<String> tests = testClasses();
        String sources = testSources();

        // Then
        assertThat(rows).isNotEmpty().allSatisfy(row -> {
            assertThat(row).hasSize(3).doesNotContain("");
            assertThat(tests).contains(row[0]);
            assertThat(sources.contains(row[1])).as("a test says '%s'", row[1]).isTrue();
        });
    }

    private static Set<String> testClasses() throws Exception {
        List<String> names = new ArrayList<>();
        for (String module : Modules.declared(ROOT).keySet()) {
            Path tests = ROOT.resolve(module).resolve("src/test/java");
            if (Files.isDirectory(tests)) {
                try (Stream<Path> files = Files.walk(tests)) {
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith("Test.java"))
                            .forEach(name -> names.add(name.substring(0, name.length() - ".java".length())));
                }
            }
        }
        return names.stream().collect(Collectors.toSet());
    }

    private static String testSources() throws Exception {
        StringBuilder sources = new StringBuilder();
        for (String module : Modules.declared(ROOT).keySet()) {
            Path tests = ROOT.resolve(module).resolve("src/test/java");
            if (Files.isDirectory(tests)) {
                try (Stream<Path> files = Files.walk(tests)) {
                    for (Path file :
                            files.filter(f -> f.toString().endsWith(".java")).toList()) {
                        sources.append(Files.readString(file));
                    }
                }
            }
        }
        return sources.toString();
    }

    /** A report with two tests that were skipped so. */
    private void report(String test, String skipped) throws IOException {
        Path reports = Files.createDirectories(folder.resolve("module/target/surefire-reports"));
        String testCase = "  <testcase name=\"x\" classname=\"org.datman." + test + "\" time=\"0.0\">\n    " + skipped
                + "\n  </testcase>\n";
        Files.writeString(
                reports.resolve("TEST-org.datman." + test + "-" + skipped.hashCode() + ".xml"),
                "<testsuite>\n" + testCase + testCase + "</testsuite>\n");
    }

    private static Ended skips(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(ROOT.resolve(".ci/skips").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), printed.lines().toList());
    }
}
