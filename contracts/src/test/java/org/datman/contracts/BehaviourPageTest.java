package org.datman.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/behaviour.md} has a row for each experiment, and the tests that it names exist. */
class BehaviourPageTest {

    private static final Path ROOT = Path.of("..");

    @Test
    void everyExperimentHasOneRow() throws IOException {
        // Given
        Stream<String> experiments = Stream.concat(
                IntStream.rangeClosed(1, 79).mapToObj(String::valueOf),
                Stream.of("11b", "31b", "39b", "54b", "65a", "65b", "65c", "65d", "65e", "65f", "65g"));

        // When
        List<String> rows = rows().map(cells -> cells[1]).toList();

        // Then
        assertThat(rows).containsExactlyInAnyOrderElementsOf(experiments.toList());
    }

    @Test
    void theTestsThatItNamesExist() throws IOException {
        // Given
        Set<String> tests;
        try (Stream<Path> files = Files.walk(ROOT)) {
            tests = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Test.java"))
                    .map(name -> name.replace(".java", ""))
                    .collect(Collectors.toSet());
        }

        // When
        Set<String> named = rows().flatMap(
                        cells -> Pattern.compile("\\w+Test").matcher(cells[4]).results())
                .map(MatchResult::group)
                .collect(Collectors.toSet());

        // Then
        assertThat(named).hasSizeGreaterThan(20);
        assertThat(tests).containsAll(named);
        assertThat(rows()).allSatisfy(cells -> assertThat(cells[4]).isNotBlank());
    }

    private static Stream<String[]> rows() throws IOException {
        return Files.readAllLines(ROOT.resolve("docs/behaviour.md")).stream()
                .filter(line -> line.matches("\\| \\d.*"))
                .map(line -> line.split("\\s*\\|\\s*"));
    }
}
