package org.datman.contracts.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.naming.Table;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the study of real scans assign every real series the kind in its reference. */
class RealSeriesTest {

    private static final Path STUDIES =
            Path.of(System.getProperty("datman.root"), "deploy/local/src/main/resources/demo-studies");

    private static final Map<String, String> KIND_OF_TAG = kindOfTag();

    private static final StudyConfiguration REAL =
            StudyConfigurations.load(STUDIES).study("REAL").orElseThrow();

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource
    void aRealSeriesGetsTheKindOfItsReference(
            String session, String number, String description, SeriesFacts facts, Set<String> kinds) {
        // Given
        String site = "LAB";

        // When
        TagDecision decision = Tagging.decide(facts, REAL, site, false);

        // Then
        assertThat(kinds(decision))
                .as("%s %s %s: %s", session, number, description, decision.explanation())
                .isEqualTo(kinds);
    }

    static Stream<Arguments> aRealSeriesGetsTheKindOfItsReference() {
        return Table.rows("/study/real-series.tsv").stream()
                .map(row ->
                        Arguments.of(row[0], row[1], row[2], facts(row), new TreeSet<>(List.of(row[7].split("; ")))));
    }

    private static SeriesFacts facts(String[] row) {
        List<String> imageType = row[5].isEmpty() ? List.of() : List.of(row[5].split("\\\\"));
        Set<Integer> echoes = row[6].isEmpty()
                ? Set.of()
                : Arrays.stream(row[6].split(",")).map(Integer::valueOf).collect(Collectors.toSet());
        return new SeriesFacts(
                row[1], row[2], "", row[3], "usable", imageType, echoes, Set.of(), Map.of("SOPClassUID", row[4]));
    }

    private static Set<String> kinds(TagDecision decision) {
        if (decision instanceof TagDecision.Tagged tagged) {
            return tagged.assignments().stream()
                    .map(a -> KIND_OF_TAG.get(a.tag()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        return Set.of(decision instanceof TagDecision.Ignored ? "ignored" : decision.toString());
    }

    private static Map<String, String> kindOfTag() {
        try (Stream<String> lines = Files.lines(STUDIES.resolve("reference-kinds.tsv"))) {
            return lines.filter(line -> !line.startsWith("#") && !line.startsWith("kind\t"))
                    .map(line -> line.split("\t"))
                    .flatMap(cells -> Arrays.stream(cells[1].split(" ")).map(tag -> Map.entry(tag, cells[0])))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
