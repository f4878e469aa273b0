package org.datman.local.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.EventType;
import org.datman.contracts.metric.MetricCatalogue;
import org.junit.jupiter.api.Test;

/** The walks of CONTRIBUTING.md name the files that their examples really consist of. */
class WalksTest {

    private static final Path ROOT = Pages.ROOT;
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Predicate<String> MAIN = path -> path.contains("/src/main/");

    @Test
    void theWalkOfAnEventNamesEveryFileThatListsTheEvents() throws Exception {
        // Given that a file in which nearly all events stand must be visited for the next one
        List<Set<String>> events = Arrays.stream(EventType.values())
                .map(type -> Set.of(type.name(), type.topic(), type.payload().getSimpleName()))
                .toList();

        // When
        Set<String> listing = listing(events);

        // Then
        assertThat(listing).hasSizeGreaterThan(5);
        assertThat(Pages.codes(walk("Add an event"))).containsAll(listing);
    }

    @Test
    void theWalkOfAnEventVisitsAtMostTwelvePlaces() throws Exception {
        // Given the steps that every event has; a row of its own in the dashboard is only for those that pages list,
        // and the manifests are
        // written by a command
        String walk = walk("Add an event");

        // When
        Set<String> places = Pages.codes(walk).stream()
                .filter(code -> Pages.FILE.matcher(code).matches() && Files.exists(ROOT.resolve(code)))
                .filter(code -> !code.endsWith("/ReportedAlarms.java") && !code.endsWith("/topics-and-users.yaml"))
                .collect(Collectors.toCollection(TreeSet::new));

        // Then
        assertThat(places).hasSizeBetween(8, 12);
    }

    @Test
    void theWalkOfAMetricNamesEveryFileThatListsTheMetrics() throws Exception {
        // Given
        List<Set<String>> metrics = MetricCatalogue.keys().stream().map(Set::of).toList();

        // When
        Set<String> listing = listing(metrics);

        // Then
        assertThat(listing).hasSizeBetween(2, 3);
        assertThat(Pages.codes(walk("Add a metric"))).containsAll(listing);
    }

    @Test
    void theWalkOfAPageNamesTheFilesOfTheExample() throws Exception {
        // Given the classes and the template of the page "Studies", and the files in which the addresses of most pages
        // stand
        Set<String> files = having("\\bStudyPages\\b|\\bStudyListing\\.(Table|Listed)\\b|class StudyListing\\b", MAIN);
        files.addAll(having("", path -> path.contains("/templates/StudyPages/")));
        Predicate<String> ofTheDashboard = path -> path.startsWith("dashboard-service/src/");
        Set<String> lists = having("\"/studies\"", ofTheDashboard);
        lists.retainAll(having("\"/metrics[\"?]", ofTheDashboard));
        lists.retainAll(having("\"/operations\"", ofTheDashboard));
        files.addAll(lists);
        assertThat(files).hasSizeBetween(7, 9);

        // When
        String walk = walk("Add a page");

        // Then
        assertThat(notNamed(files, walk)).isEmpty();
        assertThat(named(walk, "java|html")).isSubsetOf(files);
    }

    @Test
    void theWalkOfAToolNamesTheFilesOfTheExample() throws Exception {
        // Given
        Predicate<String> tool = path -> path.matches("pipelines/catalogue/mrtrix3-dti/.*json");
        Set<String> files =
                having("mrtrix3-dti", path -> MAIN.test(path) || tool.test(path) || path.contains("/src/test/java/"));
        Set<String> main = files.stream()
                .filter(path -> !path.contains("/src/test/"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(main).hasSize(4);

        // When the steps are read, without what follows them
        String walk = walk("Add a tool").split("\nAnother way ")[0];

        // Then
        assertThat(notNamed(main, walk)).isEmpty();
        assertThat(named(walk, "java|json|yml")).isSubsetOf(files);
    }

    @Test
    void theWalkOfAStudyKeyNamesTheFilesOfTheExample() throws Exception {
        // Given the key Combine, its rule, and the value that follows from it
        Set<String> files = having(
                "\\bCombine(Rule)?\\b|\\.(combine|findCombine)\\(|[>\\w] combine[,)]|\"combine\": \\{",
                path -> MAIN.test(path) || path.matches("docs/[^/]+") || path.contains("/study/"));
        Set<String> main = files.stream()
                .filter(path -> !path.contains("/src/test/"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(main).hasSizeGreaterThan(10);

        // When
        String walk = walk("Add a study key");

        // Then
        assertThat(notNamed(main, walk)).isEmpty();
        assertThat(named(walk, "java|json|md|yml"))
                .isSubsetOf(Stream.concat(
                                files.stream(),
                                // Where a key of the study itself, instead of a tag, would stand.
                                Stream.of("contracts/src/main/java/org/datman/contracts/study/StudyConfiguration.java"))
                        .toList());
    }

    /** Those files that a walk names neither by their path nor, if they are classes, by their name. */
    private static List<String> notNamed(Set<String> files, String walk) {
        Set<String> codes = Pages.codes(walk);
        return files.stream()
                .filter(file -> !codes.contains(file))
                .filter(file -> !codes.contains(
                        file.substring(file.lastIndexOf('/') + 1).replaceFirst("\\.java$", "")))
                .toList();
    }

    /** The files of these endings that a walk names by their path. */
    private static Set<String> named(String walk, String endings) {
        return Pages.codes(walk).stream()
                .filter(code -> code.matches(".*/.*\\.(" + endings + ")"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Our files on paths of that kind in which the expression is found. */
    private static Set<String> having(String expression, Predicate<String> paths) throws IOException {
        Pattern wanted = Pattern.compile(expression);
        Set<String> found = new TreeSet<>();
        for (Path file : Pages.ourFiles()) {
            String path = path(file);
            if (paths.test(path)
                    && text(file).filter(text -> wanted.matcher(text).find()).isPresent()) {
                found.add(path);
            }
        }
        return found;
    }

    private static String path(Path file) {
        return ROOT.relativize(file).toString().replace('\\', '/');
    }

    private static Optional<String> text(Path file) throws IOException {
        try {
            return Optional.of(Files.readString(file));
        } catch (CharacterCodingException notText) {
            return Optional.empty();
        }
    }

    /** Files of ours, but tests, in which at least five of six of those stand, each by one of its names. */
    private static Set<String> listing(List<Set<String>> things) throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path file : Pages.ourFiles()) {
            String path = path(file);
            if (path.contains("src/test/java")
                    || path.contains("/examples/")
                    || !path.matches(".*\\.(java|properties|yaml|json|tsv|txt|md|sql)")) {
                continue;
            }
            Set<String> words = WORD.matcher(text(file).orElse(""))
                    .results()
                    .map(MatchResult::group)
                    .collect(Collectors.toSet());
            long there = things.stream()
                    .filter(names -> names.stream().anyMatch(words::contains))
                    .count();
            if (there * 6 >= things.size() * 5L) {
                found.add(path);
            }
        }
        return found;
    }

    private static String walk(String heading) throws IOException {
        return Files.readString(ROOT.resolve("CONTRIBUTING.md"))
                .lines()
                .dropWhile(line -> !line.equals("## " + heading))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .collect(Collectors.joining("\n"));
    }
}
