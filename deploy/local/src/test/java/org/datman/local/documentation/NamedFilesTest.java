package org.datman.local.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.EventType;
import org.datman.contracts.metric.MetricCatalogue;
import org.junit.jupiter.api.Test;

/** What the pages for developers name is there: files, classes, packages, links; and the walks name all files that must be visited. */
class NamedFilesTest {

    private static final Path ROOT = Path.of(System.getProperty("datman.root"));
    private static final Set<String> NOT_OURS = Set.of(".git", "target", "node_modules", ".datman", ".idea", ".vscode");

    private static final int ONE_PAGE = 60;
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
    private static final Pattern FILE =
            Pattern.compile("[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+|[A-Za-z0-9_-]+\\.(tsv|md|mjs)");
    private static final Pattern CLASS = Pattern.compile("[A-Z][a-z0-9]+([A-Z][a-z0-9]+)+");
    private static final Pattern LINK = Pattern.compile("(?<!!)\\[[^]]*]\\(([^)\\s]+)\\)");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern TESTS = Pattern.compile("-pl (\\S+) .*-Dtest='([^']+)'");

    /** Names of the field and keys of study files that look like classes. */
    private static final Set<String> NO_CLASSES = Set.of("PairedData");

    @Test
    void everyModuleHasAReadmeOfOnePage() throws Exception {
        // Given
        Set<String> modules = Modules.declared(ROOT).keySet();

        // When
        List<Path> readmes = modules.stream()
                .map(module -> ROOT.resolve(module).resolve("README.md"))
                .toList();

        // Then
        assertThat(readmes).isNotEmpty().allSatisfy(readme -> assertThat(Files.readAllLines(readme))
                .hasSizeBetween(5, ONE_PAGE));
    }

    @Test
    void theFilesThatPagesForDevelopersNameAreThere() throws Exception {
        // Given
        List<Path> pages = pagesForDevelopers();

        // When
        List<String> missing = new ArrayList<>();
        for (Path page : pages) {
            codes(page).stream()
                    .filter(code -> FILE.matcher(code).matches() && !code.contains(".datman"))
                    .filter(code -> Stream.of(ROOT, page.getParent()).noneMatch(at -> Files.exists(at.resolve(code))))
                    .filter(code -> code.contains("/") || !isSomewhere(code))
                    .forEach(code -> missing.add(
                            page.getFileName() + " of " + page.getParent().getFileName() + ": " + code));
        }

        // Then
        assertThat(missing).isEmpty();
    }

    @Test
    void theClassesThatPagesForDevelopersNameAreThere() throws Exception {
        // Given
        Set<String> classes = ourFiles().stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> name.endsWith(".java"))
                .map(name -> name.substring(0, name.length() - ".java".length()))
                .collect(Collectors.toSet());

        // When
        Set<String> missing = new TreeSet<>();
        for (Path page : pagesForDevelopers()) {
            codes(page).stream()
                    .filter(code -> CLASS.matcher(code).matches())
                    .filter(code -> !classes.contains(code) && !NO_CLASSES.contains(code))
                    .forEach(missing::add);
        }

        // Then
        assertThat(missing).isEmpty();
    }

    @Test
    void theTestsThatCommandsRunAreInTheirModules() throws Exception {
        // Given
        List<Path> pages = pagesForDevelopers();

        // When
        int named = 0;
        List<String> missing = new ArrayList<>();
        for (Path page : pages) {
            Matcher command = TESTS.matcher(Files.readString(page));
            while (command.find()) {
                Path tests = ROOT.resolve(command.group(1)).resolve("src/test/java");
                for (String test : command.group(2).split(",")) {
                    named++;
                    try (Stream<Path> files = Files.walk(tests)) {
                        if (files.noneMatch(
                                file -> file.getFileName().toString().equals(test + ".java"))) {
                            missing.add(test + " in " + command.group(1));
                        }
                    }
                }
            }
        }

        // Then
        assertThat(named).isGreaterThan(15);
        assertThat(missing).isEmpty();
    }

    @Test
    void theTablesOfPackagesAreAsThePackagesAre() throws Exception {
        // Given
        List<String> wrong = new ArrayList<>();
        int tables = 0;

        // When
        for (String module : Modules.declared(ROOT).keySet()) {
            List<String> lines = Files.readAllLines(ROOT.resolve(module).resolve("README.md"));
            String header = lines.stream()
                    .filter(line -> line.startsWith("| package"))
                    .findFirst()
                    .orElse("");
            if (header.isEmpty()) {
                continue;
            }
            tables++;
            Set<String> named = lines.stream()
                    .dropWhile(line -> !line.equals(header))
                    .takeWhile(line -> line.startsWith("|"))
                    .skip(2)
                    .flatMap(line -> codes(line.split("\\|")[1]).stream())
                    .map(name -> name.substring(name.lastIndexOf('.') + 1))
                    .collect(Collectors.toCollection(TreeSet::new));
            Path room = onlyFolder(onlyFolder(onlyFolder(ROOT.resolve(module).resolve("src/main/java"))));
            try (Stream<Path> packages = Files.list(room)) {
                Set<String> there = packages.filter(Files::isDirectory)
                        .map(folder -> folder.getFileName().toString())
                        .collect(Collectors.toCollection(TreeSet::new));
                if (!there.equals(named)) {
                    wrong.add(module + " has " + there + ", its README names " + named);
                }
            }
        }

        // Then
        assertThat(tables).isGreaterThan(8);
        assertThat(wrong).isEmpty();
    }

    @Test
    void theLinksBetweenPagesLeadSomewhere() throws Exception {
        // Given
        List<Path> pages = ourFiles().stream()
                .filter(file -> file.toString().endsWith(".md"))
                .toList();

        // When
        List<String> dead = new ArrayList<>();
        for (Path page : pages) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                if (!link.group(1).matches("[a-z]+:.*") && !leads(page, link.group(1))) {
                    dead.add(ROOT.relativize(page) + " -> " + link.group(1));
                }
            }
        }

        // Then
        assertThat(pages).hasSizeGreaterThan(30);
        assertThat(dead).isEmpty();
    }

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
        assertThat(codes(walk("Add an event"))).containsAll(listing);
    }

    @Test
    void theWalkOfAnEventVisitsAtMostTwelvePlaces() throws Exception {
        // Given the steps that every event has; a row of its own in the dashboard is only for those that pages list
        String walk = walk("Add an event");

        // When
        Set<String> places = codes(walk).stream()
                .filter(code -> FILE.matcher(code).matches() && Files.exists(ROOT.resolve(code)))
                .filter(code -> !code.endsWith("/Alarms.java"))
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
        assertThat(codes(walk("Add a metric"))).containsAll(listing);
    }

    /** Files of ours, but tests, in which at least five of six of those stand, each by one of its names. */
    private static Set<String> listing(List<Set<String>> things) throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path file : ourFiles()) {
            String path = ROOT.relativize(file).toString().replace('\\', '/');
            if (path.contains("src/test/java")
                    || path.contains("/examples/")
                    || !path.matches(".*\\.(java|properties|yaml|json|tsv|txt|md|sql)")) {
                continue;
            }
            String text;
            try {
                text = Files.readString(file);
            } catch (CharacterCodingException notText) {
                continue;
            }
            Set<String> words =
                    WORD.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
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

    private static boolean leads(Path page, String link) throws IOException {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.getParent().resolve(parts[0]);
        if (parts.length == 1 || !target.toString().endsWith(".md")) {
            return Files.exists(target);
        }
        return Files.exists(target) && anchors(target).contains(parts[1]);
    }

    /** The anchors of headings as GitHub and GitLab make them. */
    private static Set<String> anchors(Path page) throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.matches("#+ .*"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static List<Path> pagesForDevelopers() throws Exception {
        List<Path> pages = new ArrayList<>();
        pages.add(ROOT.resolve("CONTRIBUTING.md"));
        pages.add(ROOT.resolve("docs/architecture.md"));
        Modules.declared(ROOT)
                .keySet()
                .forEach(module -> pages.add(ROOT.resolve(module).resolve("README.md")));
        return pages;
    }

    private static Set<String> codes(Path page) throws IOException {
        return codes(Files.readString(page));
    }

    private static Set<String> codes(String text) {
        Set<String> codes = new HashSet<>();
        Matcher code = CODE.matcher(text);
        while (code.find()) {
            codes.add(code.group(1));
        }
        return codes;
    }

    private static boolean isSomewhere(String name) {
        try {
            return ourFiles().stream()
                    .anyMatch(file -> file.getFileName().toString().equals(name));
        } catch (IOException e) {
            return false;
        }
    }

    private static Path onlyFolder(Path parent) throws IOException {
        try (Stream<Path> folders = Files.list(parent)) {
            List<Path> found = folders.filter(Files::isDirectory).toList();
            assertThat(found).as("folders of " + parent).hasSize(1);
            return found.get(0);
        }
    }

    /** All files of the checkout that are not made by a build. */
    private static List<Path> ourFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return NOT_OURS.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.add(file);
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }
}
