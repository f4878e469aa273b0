package org.datman.local.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Comments and pages cite the specification of quality control by links to its anchors: {@code <a href="{@docRoot}/../docs/qc-specification.md#V11">V11</a>}
 * in Javadoc, {@code docs/qc-specification.md#V11} in other comments. Each leads to an entry.
 */
class QcSpecificationTest {

    private static final Path ROOT = Pages.ROOT;
    private static final Path PAGE = ROOT.resolve("docs/qc-specification.md");
    private static final List<String> CITING = List.of(
            "image-analysis/src",
            "header-compliance/src",
            "qc-plots/src",
            "qc-metrics/src",
            "qc-cli/src",
            "qc-service/src",
            "synthetic/src",
            "docs/qc-agreement.md",
            "docs/qc-speed.md");
    private static final Path CATALOGUE =
            ROOT.resolve("contracts/src/main/resources/org/datman/contracts/metric/metrics.tsv");

    private static final String LABEL = "A(?:\\.\\d+)+|F\\d{2,3}|V\\d{1,2}";

    /** An entry is a row or a heading, with its label as its anchor. */
    private static final Pattern ENTRY = Pattern.compile("(?m)^(?:\\| <a id=\"(A(?:\\.\\d+)+|[FV]\\d+)\"></a>\\1 \\|"
            + "|<a id=\"(A(?:\\.\\d+)*|[B-GV])\"></a>\\n\\n#+ \\2[. ])");

    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\\n]*");

    /** A link of Javadoc, of another comment, or of a page; the label is the anchor and, where there is a text, the text. */
    private static final Pattern LINK =
            Pattern.compile("<a href=\"\\{@docRoot}/\\.\\./docs/qc-specification\\.md#([\\w.]+)\">(?:section )?\\1</a>"
                    + "|\\[(?:section )?([\\w.]+)]\\(qc-specification\\.md#\\2\\)"
                    + "|docs/qc-specification\\.md#([\\w.]*\\w)");

    private static final Pattern BARE = Pattern.compile("\\b(" + LABEL + "|(?<=\\bsection )[A-G])\\b");

    @Test
    void everyCitationIsALinkToItsEntry() throws IOException {
        // Given
        List<String> entries = entries();

        // When
        Set<String> cited = new TreeSet<>();
        Set<String> notLinked = new TreeSet<>();
        for (Path file : citing()) {
            String text = Files.readString(file);
            Stream<String> parts = file.toString().endsWith(".java")
                    ? COMMENT.matcher(text).results().map(match -> match.group())
                    : Stream.of(text);
            parts.forEach(part -> {
                LINK.matcher(part)
                        .results()
                        .flatMap(match -> Stream.of(1, 2, 3).map(match::group))
                        .filter(label -> label != null)
                        .forEach(cited::add);
                BARE.matcher(LINK.matcher(part).replaceAll(""))
                        .results()
                        .forEach(match -> notLinked.add(match.group() + " in " + ROOT.relativize(file)));
            });
        }
        BARE.matcher(Files.readString(CATALOGUE)).results().forEach(match -> cited.add(match.group()));

        // Then
        assertThat(notLinked).isEmpty();
        assertThat(cited).hasSizeGreaterThan(80);
        assertThat(entries).containsAll(cited);
    }

    @Test
    void everyEntryIsThereOnceWithItsAnchor() throws IOException {
        // When
        List<String> entries = entries();

        // Then
        assertThat(entries).hasSizeGreaterThan(90).doesNotHaveDuplicates();
    }

    private static List<String> entries() throws IOException {
        return ENTRY.matcher(Files.readString(PAGE))
                .results()
                .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
                .toList();
    }

    private static List<Path> citing() throws IOException {
        Set<Path> files = new HashSet<>();
        for (String place : CITING) {
            try (Stream<Path> all = Files.walk(ROOT.resolve(place))) {
                all.filter(file -> file.toString().matches(".*\\.(java|md)")).forEach(files::add);
            }
        }
        return new ArrayList<>(files);
    }
}
