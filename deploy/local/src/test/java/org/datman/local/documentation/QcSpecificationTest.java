package org.datman.local.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What comments and pages cite of the specification of quality control ({@code A.4.3}, {@code V11}, {@code F60}) is in docs/qc-specification.md. */
class QcSpecificationTest {

    private static final Path ROOT = Path.of(System.getProperty("datman.root"));
    private static final Path PAGE = ROOT.resolve("docs/qc-specification.md");
    private static final List<String> CITING = List.of(
            "image-analysis/src",
            "header-compliance/src",
            "qc-plots/src",
            "qc-metrics/src",
            "qc-cli/src",
            "qc-service/src",
            "synthetic/src",
            "contracts/src/main/resources/org/datman/contracts/metric",
            "docs/qc-agreement.md",
            "docs/qc-speed.md",
            "docs/decisions");

    private static final Pattern ENTRY = Pattern.compile("(?m)^(?:\\| |#+ )(A(?:\\.\\d+)+|[FV]\\d+|[A-G])[. ]");
    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\\n]*");
    private static final Pattern CITATION =
            Pattern.compile("\\b(A(?:\\.\\d+)+|F\\d{2,3}|V\\d{1,2}|(?<=\\bsection )[A-G])\\b");

    @Test
    void everyCitationHasItsEntry() throws IOException {
        // Given
        List<String> entries = entries();

        // When
        Map<String, TreeSet<String>> cited = new TreeMap<>();
        for (Path file : citing()) {
            String text = Files.readString(file);
            Stream<String> parts = file.toString().endsWith(".java")
                    ? COMMENT.matcher(text).results().map(match -> match.group())
                    : Stream.of(text);
            parts.flatMap(part -> CITATION.matcher(part).results())
                    .forEach(match -> cited.computeIfAbsent(match.group(1), id -> new TreeSet<>())
                            .add(ROOT.relativize(file).toString()));
        }

        // Then
        assertThat(cited).hasSizeGreaterThan(80);
        assertThat(cited.keySet())
                .as("each of %s has an entry in %s", cited, PAGE.getFileName())
                .isSubsetOf(entries);
    }

    @Test
    void everyEntryIsKeptOnce() throws IOException {
        // When
        List<String> entries = entries();

        // Then
        assertThat(entries).hasSizeGreaterThan(90).doesNotHaveDuplicates();
    }

    private static List<String> entries() throws IOException {
        return ENTRY.matcher(Files.readString(PAGE))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static List<Path> citing() throws IOException {
        List<Path> files = new java.util.ArrayList<>();
        for (String place : CITING) {
            try (Stream<Path> all = Files.walk(ROOT.resolve(place))) {
                all.filter(file -> file.toString().matches(".*\\.(java|tsv|md)"))
                        .forEach(files::add);
            }
        }
        return files;
    }
}
