package org.datman.local.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages for developers name is there: files, classes, packages, links. */
class NamedFilesTest {

    private static final Path ROOT = Path.of(System.getProperty("datman.root"));
    private static final int ONE_PAGE = 60;
    private static final Pattern CLASS = Pattern.compile("[A-Z][a-z0-9]+([A-Z][a-z0-9]+)+");
    private static final Pattern LINK = Pattern.compile("(?<!!)\\[[^]]*]\\(([^)\\s]+)\\)");
    private static final Pattern ANCHOR = Pattern.compile("<a id=\"([^\"]+)\"></a>");
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
            Pages.codes(page).stream()
                    .filter(code -> Pages.FILE.matcher(code).matches() && !code.contains(".datman"))
                    // What lies beside the checkout is not everywhere.
                    .filter(code -> page.resolveSibling(code).normalize().startsWith(ROOT.normalize()))
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
        Set<String> classes = Pages.ourFiles().stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> name.endsWith(".java"))
                .map(name -> name.substring(0, name.length() - ".java".length()))
                .collect(Collectors.toSet());

        // When
        Set<String> missing = new TreeSet<>();
        for (Path page : pagesForDevelopers()) {
            Pages.codes(page).stream()
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
                    .flatMap(line -> Pages.codes(line.split("\\|")[1]).stream())
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
        List<Path> pages = Pages.ourFiles().stream()
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

    private static boolean leads(Path page, String link) throws IOException {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.getParent().resolve(parts[0]);
        if (parts.length == 1 || !target.toString().endsWith(".md")) {
            return Files.exists(target);
        }
        return Files.exists(target) && anchors(target).contains(parts[1]);
    }

    /** The anchors of headings as GitHub and GitLab make them, and those that the page has itself. */
    private static Set<String> anchors(Path page) throws IOException {
        Stream<String> ofHeadings = Files.readAllLines(page).stream()
                .filter(line -> line.matches("#+ .*"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'));
        Stream<String> own = ANCHOR.matcher(Files.readString(page)).results().map(match -> match.group(1));
        return Stream.concat(ofHeadings, own).collect(Collectors.toSet());
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

    private static boolean isSomewhere(String name) {
        try {
            return Pages.ourFiles().stream()
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
}
