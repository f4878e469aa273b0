package org.datman.contracts.study;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.metric.MetricCatalogue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The reader, the published JSON Schema and the page know the same keys and words. What the reader knows is what it names as
 * allowed when the page's extended example has a wrong key or word in that place.
 */
class StudySchemaTest {

    private static final Path ROOT = Path.of(System.getProperty("datman.root"));
    private static final StudySchema SCHEMA = StudySchema.published();
    private static final String UNKNOWN = "NoSuchKey";

    /** Headings of the page whose table lists all keys of a part of the schema. */
    private static final Map<String, String> TABLES = Map.ofEntries(
            Map.entry("The study", "study"),
            Map.entry("Sites", "site"),
            Map.entry("Tags", "tag"),
            Map.entry("Pattern", "pattern"),
            Map.entry("Checks", "check"),
            Map.entry("Mapping identifiers (`IdMap`)", "idMap"),
            Map.entry("Associated files (`PairedData`)", "pairedData"),
            Map.entry("Visits", "visit"),
            Map.entry("Forms in REDCap", "redcap"),
            Map.entry("The visit plan in REDCap", "redcapVisit"),
            Map.entry("Pipelines", "pipeline"),
            Map.entry("Bids", "bids"),
            Map.entry("Events", "events"));

    static Set<String> closedDefinitions() {
        return SCHEMA.closedDefinitions();
    }

    static List<JsonNode> enumerations() {
        return SCHEMA.enumerations().stream()
                .filter(schema -> StudySchema.words(schema).size() <= 32)
                .toList();
    }

    static List<Path> studyFiles() throws IOException {
        try (Stream<Path> modules = Files.walk(ROOT, 2)) {
            List<Path> folders = modules.filter(module -> Files.isDirectory(module.resolve("src")))
                    .flatMap(module -> Stream.of("src/main/resources", "src/test/resources")
                            .map(module::resolve))
                    .filter(Files::isDirectory)
                    .toList();
            List<Path> files = new ArrayList<>();
            for (Path folder : folders) {
                try (Stream<Path> found = Files.find(
                        folder,
                        2,
                        (path, kind) -> kind.isRegularFile()
                                && path.getParent().getFileName().toString().endsWith("studies")
                                && path.toString().endsWith(".yml"))) {
                    found.map(ROOT::relativize).forEach(files::add);
                }
            }
            return files;
        }
    }

    static List<String> examples() {
        return DocumentationTest.anExampleIsAFaultlessStudy();
    }

    @ParameterizedTest
    @MethodSource("closedDefinitions")
    void theReaderAndTheSchemaKnowTheSameKeysAndRefuseOthers(String definition) {
        // Given the extended example with an unknown key in such a place
        JsonNode study = extendedExample();
        ObjectNode place = place(study, at -> at.isClosed() && at.definition().equals(definition));
        place.put(UNKNOWN, "x");

        // When
        List<ConfigurationError> errors =
                StudyReader.read("example.yml", StudySchema.yaml(study)).errors();

        // Then
        assertThat(errors)
                .filteredOn(error ->
                        error.key().endsWith("." + UNKNOWN) || error.key().equals(UNKNOWN))
                .extracting(error -> listed(error.allowed()))
                .containsOnly(SCHEMA.keys(definition));
        assertThat(SCHEMA.problems(study)).anyMatch(problem -> problem.contains(UNKNOWN));
    }

    @Test
    void whereTheSchemaTakesAnyNameTheReaderDoesToo() {
        // Given the extended example with a name of one's own in each mapping of names
        JsonNode study = extendedExample();
        List<StudySchema.Place> open = SCHEMA.places(study).stream()
                .filter(place -> place.schema().path("additionalProperties").isObject())
                .toList();
        open.forEach(place -> ((ObjectNode) study.at(place.pointer())).put(UNKNOWN, "x"));

        // When
        List<ConfigurationError> errors =
                StudyReader.read("example.yml", StudySchema.yaml(study)).errors();

        // Then
        assertThat(open).hasSizeGreaterThan(10);
        assertThat(errors).noneMatch(error -> error.problem().contains("is not a known key"));
    }

    @ParameterizedTest
    @MethodSource("enumerations")
    void theReaderAndTheSchemaKnowTheSameWords(JsonNode enumeration) {
        // Given the extended example with an unknown word in such a place
        JsonNode study = extendedExample();
        String pointer = SCHEMA.places(study).stream()
                .filter(place -> place.schema().equals(enumeration))
                .map(StudySchema.Place::pointer)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no value of the extended example is one of " + enumeration));
        replace(study, pointer, "nonesuch");

        // When
        List<ConfigurationError> errors =
                StudyReader.read("example.yml", StudySchema.yaml(study)).errors();

        // Then
        assertThat(errors).extracting(error -> listed(error.allowed())).contains(StudySchema.words(enumeration));
        assertThat(SCHEMA.problems(study)).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("closedDefinitions")
    void whatTheSchemaRequiresTheReaderDoesToo(String definition) {
        // Given the extended example without what such a place requires
        JsonNode study = extendedExample();
        ObjectNode place = place(study, at -> at.isClosed() && at.definition().equals(definition));
        Set<String> required = new TreeSet<>();
        SCHEMA.definition(definition).path("required").forEach(key -> required.add(key.asText()));
        place.remove(required);

        // When
        List<ConfigurationError> errors =
                StudyReader.read("example.yml", StudySchema.yaml(study)).errors();

        // Then
        assertThat(required).allSatisfy(key -> assertThat(errors)
                .anyMatch(error -> error.key().endsWith(key) || error.problem().contains(key)));
        assertThat(SCHEMA.problems(study).isEmpty()).isEqualTo(required.isEmpty());
    }

    @Test
    void theSchemaKnowsTheMetrics() throws IOException {
        // Given the schema, written from the catalogue where that is asked for
        if (Boolean.getBoolean("datman.write")) {
            writeKeys();
        }
        JsonNode choices = StudySchema.published().definition("metric").get("anyOf");

        // When
        Set<String> metrics = StudySchema.words(choices.get(0));

        // Then
        assertThat(metrics)
                .as("definitions.metric of %s, which -Ddatman.write=true writes", StudySchema.FILE.getFileName())
                .containsExactlyInAnyOrderElementsOf(MetricCatalogue.keys());
        assertThat(listed(choices.get(1)
                        .get("pattern")
                        .asText()
                        .replaceAll("[^a-z|]", "")
                        .replace("|", ", ")))
                .isEqualTo(MetricCatalogue.SUMMARIES);
    }

    private static void writeKeys() throws IOException {
        String keys = MetricCatalogue.keys().stream()
                .sorted()
                .map(key -> "            \"" + key + "\"")
                .collect(Collectors.joining(",\n"));
        String schema = Files.readString(StudySchema.FILE);
        Files.writeString(
                StudySchema.FILE,
                schema.replaceFirst("(?s)(\"metric\": \\{.*?\"enum\": \\[\n).*?(\n\\s*])", "$1" + keys + "$2"));
    }

    @ParameterizedTest
    @MethodSource("studyFiles")
    void aStudyOfTheProjectIsFaultlessForTheSchemaToo(Path file) throws IOException {
        // Given
        String yaml = Files.readString(ROOT.resolve(file));

        // When
        List<String> problems = SCHEMA.problems(StudySchema.study(yaml));

        // Then
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleOfThePageIsFaultlessForTheSchemaToo(String yaml) {
        // Given
        JsonNode study = StudySchema.study(yaml);

        // When
        List<String> problems = SCHEMA.problems(study);

        // Then
        assertThat(problems).isEmpty();
    }

    @Test
    void theTablesOfThePageListTheKeysOfTheSchema() throws IOException {
        // Given
        Map<String, Set<String>> expected = TABLES.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> SCHEMA.keys(entry.getValue())));
        Set<String> all = SCHEMA.closedDefinitions().stream()
                .flatMap(definition -> SCHEMA.keys(definition).stream())
                .collect(Collectors.toSet());

        // When
        Map<String, Set<String>> tables = tables();

        // Then
        assertThat(tables).containsAllEntriesOf(expected);
        assertThat(tables.values()).allSatisfy(keys -> assertThat(all).containsAll(keys));
    }

    @Test
    void everyKeyOfTheSchemaIsOnThePage() throws IOException {
        // Given
        Set<String> named = new TreeSet<>();
        Matcher code = Pattern.compile("`([^`\n]+)`").matcher(page());
        while (code.find()) {
            named.addAll(List.of(code.group(1).split("[^A-Za-z0-9]+")));
        }

        // When
        Set<String> missing = new TreeSet<>();
        SCHEMA.closedDefinitions().forEach(definition -> missing.addAll(SCHEMA.keys(definition)));
        missing.removeAll(named);

        // Then
        assertThat(missing).isEmpty();
    }

    private static JsonNode extendedExample() {
        List<String> examples = examples();
        return StudySchema.study(examples.get(examples.size() - 1));
    }

    private static ObjectNode place(JsonNode study, Predicate<StudySchema.Place> which) {
        return SCHEMA.places(study).stream()
                .filter(which)
                .map(place -> (ObjectNode) study.at(place.pointer()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the extended example of the page has no such place"));
    }

    private static void replace(JsonNode study, String pointer, String word) {
        int last = pointer.lastIndexOf('/');
        JsonNode parent = study.at(pointer.substring(0, last));
        String key = pointer.substring(last + 1);
        if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(key), TextNode.valueOf(word));
        } else {
            ((ObjectNode) parent).put(key, word);
        }
    }

    private static Set<String> listed(String allowed) {
        return new TreeSet<>(List.of(allowed.split(", ")));
    }

    /** The keys in the first columns of the tables of keys, by heading. */
    private static Map<String, Set<String>> tables() throws IOException {
        Map<String, Set<String>> tables = new TreeMap<>();
        String heading = "";
        boolean ofKeys = false;
        for (String line : page().lines().toList()) {
            if (line.startsWith("#")) {
                heading = line.replaceFirst("^#+ ", "");
            }
            ofKeys = line.startsWith("| Key |") || (ofKeys && line.startsWith("|"));
            if (ofKeys && line.startsWith("| `")) {
                Set<String> keys = tables.computeIfAbsent(heading, h -> new TreeSet<>());
                Arrays.stream(line.split("\\|")[1].split("[^A-Za-z0-9]+"))
                        .filter(key -> !key.isEmpty())
                        .forEach(keys::add);
            }
        }
        return tables;
    }

    private static String page() throws IOException {
        return Files.readString(ROOT.resolve("docs/study-configuration.md"));
    }
}
