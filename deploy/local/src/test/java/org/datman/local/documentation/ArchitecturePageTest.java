package org.datman.local.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.EventType;
import org.datman.contracts.topic.Topics;
import org.junit.jupiter.api.Test;

/** docs/architecture.md is as the poms, the declared topics and the listeners of the services are. */
class ArchitecturePageTest {

    private static final Path ROOT = Path.of(System.getProperty("datman.root"));
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern INCOMING = Pattern.compile("@Incoming\\(\"([^\"]+)\"\\)");

    @Test
    void theTableOfModulesIsAsThePomsAre() throws Exception {
        // Given
        Map<String, List<String>> declared = new LinkedHashMap<>();
        Modules.declared(ROOT)
                .forEach((module, imports) -> declared.put(
                        module,
                        List.of(
                                cell(imports.imports().stream()
                                        .map(other -> "`" + other + "`"
                                                + (imports.optional().contains(other) ? " (optional)" : ""))),
                                cell(Stream.concat(
                                        imports.inTests().stream().map(other -> "`" + other + "`"),
                                        imports.testKits().stream().map(other -> "test kit of `" + other + "`"))))));

        // When
        Map<String, List<String>> rows = new LinkedHashMap<>();
        rows("| module |")
                .forEach(cells -> rows.put(code(cells.get(0)), List.of(sorted(cells.get(2)), sorted(cells.get(3)))));

        // Then
        assertThat(rows).containsExactlyEntriesOf(declared);
    }

    @Test
    void thePackagesOfTheTableAreThoseOfTheModules() throws IOException {
        // Given
        List<List<String>> rows = rows("| module |");

        // When
        List<String> wrong = rows.stream()
                .filter(cells -> {
                    Path sources = ROOT.resolve(code(cells.get(0))).resolve("src/main/java");
                    return !Files.isDirectory(sources.resolve(code(cells.get(1)).replace('.', '/')));
                })
                .map(Object::toString)
                .toList();

        // Then
        assertThat(rows).isNotEmpty();
        assertThat(wrong).isEmpty();
    }

    @Test
    void thePictureOfModulesLeadsWhereThePomsDo() throws Exception {
        // Given
        Map<String, Set<String>> imports = new TreeMap<>();
        Set<String> optional = new TreeSet<>();
        Modules.declared(ROOT).forEach((module, declared) -> {
            Set<String> firm = new TreeSet<>(declared.imports());
            firm.removeAll(declared.optional());
            imports.put(
                    node(module), firm.stream().map(ArchitecturePageTest::node).collect(Collectors.toSet()));
            declared.optional().forEach(other -> optional.add(node(module) + " -.-> " + node(other)));
        });

        // When
        Map<String, Set<String>> drawn = new TreeMap<>();
        Set<String> dashed = new TreeSet<>();
        imports.keySet().forEach(module -> drawn.put(module, new TreeSet<>()));
        picture("flowchart TD").forEach(line -> {
            String[] arrow = line.replaceAll("\\[[^]]*]", "").split(" ");
            if (arrow[1].equals("-.->")) {
                dashed.add(String.join(" ", arrow));
            } else {
                drawn.get(arrow[0]).add(arrow[2]);
            }
        });

        // Then
        assertThat(reachable(drawn)).isEqualTo(reachable(imports));
        assertThat(dashed).isEqualTo(optional);
    }

    @Test
    void theTableOfTopicsIsAsTheyAreDeclared() throws IOException {
        // Given
        List<List<String>> declared = Arrays.stream(EventType.values())
                .map(type -> List.of(
                        "`" + type.topic() + "`",
                        String.join(", ", Topics.publishersOf(type)),
                        String.join(", ", Topics.consumersOf(type))))
                .toList();

        // When
        List<List<String>> rows = rows("| topic |");

        // Then
        assertThat(rows).isEqualTo(declared);
    }

    @Test
    void theListenersOfTheServicesAreTheRowsOfTheTable() throws IOException {
        // Given
        Map<String, Set<String>> consumers = new TreeMap<>();
        rows("| topic |").forEach(cells -> List.of(cells.get(2).split(", "))
                .forEach(service ->
                        consumers.computeIfAbsent(service, s -> new TreeSet<>()).add(code(cells.get(0)))));

        // When
        Map<String, Set<String>> handled = new TreeMap<>();
        for (String service : services()) {
            handled.put(service, handled(ROOT.resolve(service + "-service")));
        }

        // Then
        assertThat(handled).isEqualTo(consumers);
    }

    @Test
    void thePictureOfTheFlowIsTheTable() throws IOException {
        // Given
        Set<String> declared = new TreeSet<>();
        rows("| topic |").forEach(cells -> {
            for (String from : cells.get(1).split(", ")) {
                Stream.of(cells.get(2).split(", "))
                        .filter(to -> !to.equals("dashboard"))
                        .forEach(to -> declared.add(from + " " + code(cells.get(0)) + " " + to));
            }
        });

        // When
        Set<String> drawn = new TreeSet<>();
        picture("flowchart LR").stream().filter(line -> line.contains(" -- ")).forEach(line -> {
            String[] parts = line.split(" -- | --> ");
            for (String from : parts[0].split(" & ")) {
                for (String to : parts[2].split(" & ")) {
                    drawn.add(from + " " + parts[1] + " " + to);
                }
            }
        });

        // Then
        assertThat(drawn).isEqualTo(declared);
    }

    private static Set<String> services() throws IOException {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> name.endsWith("-service"))
                    .map(name -> name.replace("-service", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> handled(Path service) throws IOException {
        Set<String> topics = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(service.resolve("src/main/java"))) {
            for (Path source :
                    sources.filter(path -> path.toString().endsWith(".java")).toList()) {
                Matcher incoming = INCOMING.matcher(Files.readString(source));
                while (incoming.find()) {
                    topics.add(incoming.group(1));
                }
            }
        }
        return topics;
    }

    private static Map<String, Set<String>> reachable(Map<String, Set<String>> arrows) {
        Map<String, Set<String>> all = new HashMap<>();
        arrows.forEach((from, to) -> {
            Set<String> found = new LinkedHashSet<>(to);
            Set<String> fresh = to;
            while (!fresh.isEmpty()) {
                fresh = fresh.stream()
                        .flatMap(next -> arrows.get(next).stream())
                        .collect(Collectors.toSet());
                fresh.removeAll(found);
                found.addAll(fresh);
            }
            all.put(from, new TreeSet<>(found));
        });
        return all;
    }

    private static String node(String module) {
        return module.replace("deploy/", "");
    }

    private static String code(String cell) {
        Matcher matcher = CODE.matcher(cell);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static String cell(Stream<String> entries) {
        return sorted(entries.collect(Collectors.joining(", ")));
    }

    private static String sorted(String cell) {
        return Stream.of(cell.split(", "))
                .filter(entry -> !entry.isBlank() && !entry.equals("–"))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** The rows of the table that begins with that text. */
    private static List<List<String>> rows(String header) throws IOException {
        return page().lines()
                .dropWhile(line -> !line.startsWith(header))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .map(line -> Stream.of(line.substring(1).split("\\|"))
                        .map(String::strip)
                        .toList())
                .toList();
    }

    /** The arrows of the picture that begins with that line. */
    private static List<String> picture(String first) throws IOException {
        return page().lines()
                .dropWhile(line -> !line.equals(first))
                .takeWhile(line -> !line.equals("```"))
                .skip(1)
                .map(String::strip)
                .filter(line -> line.contains("->"))
                .toList();
    }

    private static String page() throws IOException {
        return Files.readString(ROOT.resolve("docs/architecture.md"));
    }
}
