package org.datman.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Pages, messages and documents use the field's terms: none of the replaced words is used again. */
class PlainWordsTest {

    private static final Path CHECKOUT = Path.of("..");

    /** The replaced words, and the terms used instead. */
    private static final Map<String, String> REPLACED = Map.ofEntries(
            Map.entry("needs you\\b", "needs attention"),
            Map.entry("\\bwaits? for you\\b", "held, or needs attention"),
            Map.entry("\\bin work\\b", "processing"),
            Map.entry("\\bfirst heard\\b", "received"),
            Map.entry("\\bsettled quiet\\b", "upload complete"),
            Map.entry("\\bdo (it|this|that|the check|the series) again\\b", "reprocess"),
            Map.entry("\\bmeasure (it|this|the series) again\\b", "re-run QC"),
            Map.entry("\\bset aside\\b", "dismiss, or move to the dead-letter topic"),
            Map.entry("\\bpoison\\b", "unreadable message"),
            Map.entry("\\bno rule names\\b", "unmatched and ambiguous series"),
            Map.entry("\\bimages to look at\\b", "flagged by QC"),
            Map.entry("\\bsessions without a name\\b", "invalid labels"),
            Map.entry("\\bover the years\\b", "over time, or scanner drift alerts"),
            Map.entry("\\blearning \\d+ of\\b", "baseline 5 of 20"),
            Map.entry("\\bfindings in the image\\b", "detected artifacts"),
            Map.entry("\\bpaired data\\b", "associated files"),
            Map.entry("\\brule wants\\b", "required"),
            Map.entry("\\bread to (its|their) end\\b", "truncated or corrupt"),
            Map.entry("\\bwhat came of it\\b", "resolution note"),
            Map.entry("\\bname and password do not\\b", "incorrect user name or password"),
            Map.entry("\\beven less odd\\b", "even − odd"),
            Map.entry("\\btemporal noise\\b(?! power)", "temporal SD"),
            Map.entry("\\bsessions?,? in turn\\b", "flicker comparison"));

    private static final Pattern LITERAL =
            Pattern.compile("\"\"\"(.*?)\"\"\"|\"((?:[^\"\\\\\\n]|\\\\.)*)\"", Pattern.DOTALL);
    private static final Pattern COMMENT = Pattern.compile("(?m)/\\*.*?\\*/|^\\s*//.*?$", Pattern.DOTALL);

    @Test
    void noPageMessageOrDocumentHasAWordThatWasReplaced() throws IOException {
        // Given
        List<Path> templates = files(CHECKOUT.resolve("dashboard-service/src/main/resources"), ".html", ".js");
        List<Path> documents = Stream.concat(
                        Stream.of(CHECKOUT.resolve("README.md"), CHECKOUT.resolve("datman")),
                        files(CHECKOUT.resolve("docs"), ".md").stream()
                                // Decisions are records of their day.
                                .filter(file -> !file.toString().contains("decisions")))
                .toList();
        List<Path> sources = files(CHECKOUT, ".java").stream()
                .filter(file -> file.toString().contains("/src/main/java/"))
                .toList();
        List<String> found = new ArrayList<>();

        // When
        search(templates, text -> text, found);
        search(documents, text -> text, found);
        search(sources, PlainWordsTest::messages, found);

        // Then
        assertThat(sources).hasSizeGreaterThan(200);
        assertThat(found).as(String.join("\n", found)).isEmpty();
    }

    @Test
    void aMessageIsFoundAndAnIdentifierIsNot() {
        // Given
        String source = "/** poison */ String s = \"Do it again: \" + Kind.POISON; // set aside\n";

        // When
        String messages = messages(source);

        // Then
        assertThat(messages).isEqualTo("Do it again: ");
    }

    /** The texts of a program for people, joined where a line was too long for one; no names, no topics. */
    private static String messages(String source) {
        String code = COMMENT.matcher(source).replaceAll("");
        return LITERAL.matcher(code.replaceAll("\"\\s*\\+\\s*\"", ""))
                .results()
                .map(literal -> literal.group(1) == null ? literal.group(2) : literal.group(1))
                .filter(text -> text.contains(" "))
                .collect(Collectors.joining("\n"));
    }

    private static void search(List<Path> files, UnaryOperator<String> read, List<String> found) throws IOException {
        for (Path file : files) {
            String text = read.apply(Files.readString(file));
            REPLACED.forEach((old, now) -> Pattern.compile(old, Pattern.CASE_INSENSITIVE)
                    .matcher(text)
                    .results()
                    .map(MatchResult::group)
                    .distinct()
                    .forEach(word -> found.add(CHECKOUT.relativize(file) + ": '" + word + "'; write: " + now)));
        }
    }

    private static List<Path> files(Path folder, String... endings) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> Stream.of(endings)
                            .anyMatch(ending -> file.toString().endsWith(ending)))
                    .filter(file -> !file.toString().matches(".*/(target|node_modules|\\.datman)/.*"))
                    .sorted()
                    .toList();
        }
    }
}
