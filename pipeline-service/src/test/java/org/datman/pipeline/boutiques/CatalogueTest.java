package org.datman.pipeline.boutiques;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.datman.contracts.tree.TreeReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tools that DATMAN brings descriptors for. */
class CatalogueTest {

    private static final Path ROOT = Path.of(System.getProperty("datman.root"));
    private static final Path CATALOGUE = ROOT.resolve("pipelines/catalogue");
    private static final Path SHARED = ROOT.resolve("pipelines/shared");

    static Stream<String> tools() throws IOException {
        try (Stream<Path> entries = Files.list(CATALOGUE)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("tools")
    void aToolHasAFaultlessDescriptorAndAPage(String name) throws Exception {
        // Given
        Path entry = CATALOGUE.resolve(name);

        // When
        Descriptor descriptor = descriptor(name);

        // Then
        assertThat(descriptor.name()).isEqualTo(name);
        assertThat(descriptor.toolFiles()).allSatisfy(file -> assertThat(
                        Stream.of(entry, SHARED).filter(folder -> Files.exists(folder.resolve(file))))
                .as("%s is in the folder of the tool or in that of shared files", file)
                .isNotEmpty());
        assertThat(entry.resolve("README.md"))
                .content()
                .startsWith("# " + name + "\n")
                .contains(name + ".json");
    }

    @Test
    void aSharedFileIsOfSeveralTools() throws Exception {
        // Given
        Map<String, Integer> tools = new TreeMap<>();
        try (Stream<Path> files = Files.list(SHARED)) {
            files.forEach(file -> tools.put(file.getFileName().toString(), 0));
        }

        // When
        for (String name : tools().toList()) {
            descriptor(name).toolFiles().stream()
                    .filter(file -> !Files.exists(CATALOGUE.resolve(name).resolve(file)))
                    .forEach(file -> tools.computeIfPresent(file, (key, count) -> count + 1));
        }

        // Then
        assertThat(tools).isNotEmpty().allSatisfy((file, count) -> assertThat(count)
                .isGreaterThan(1));
    }

    /** The lines for the study file on a tool's page name inputs, parameters and outputs that the descriptors have. */
    @ParameterizedTest
    @MethodSource("tools")
    void theRulesOnThePageOfAToolFitItsDescriptor(String name) throws Exception {
        // Given
        Matcher example = Pattern.compile("(?s)```yaml\n(.*?)```")
                .matcher(Files.readString(CATALOGUE.resolve(name).resolve("README.md")));
        assertThat(example.find()).isTrue();

        // When
        JsonNode rules = TreeReader.yaml(example.group(1).getBytes(UTF_8))
                .orElseThrow()
                .toJson()
                .path("Pipelines");

        // Then
        boolean own = false;
        for (Map.Entry<String, JsonNode> rule : rules.properties()) {
            String tool = tool(rule.getValue());
            own |= tool.equals(name);
            Descriptor descriptor = descriptor(tool);
            Map<String, List<String>> files = new HashMap<>();
            Map<String, String> parameters = new HashMap<>();
            for (Map.Entry<String, JsonNode> input :
                    rule.getValue().path("Inputs").properties()) {
                JsonNode from = input.getValue();
                if (from.has("Session")) {
                    parameters.put(input.getKey(), "text");
                } else {
                    files.put(input.getKey(), List.of("file"));
                }
                if (from.has("Pipeline")) {
                    assertThat(rules.has(from.path("Pipeline").asText()))
                            .as("the example has the pipeline of %s", from)
                            .isTrue();
                    assertThat(descriptor(tool(rules.path(from.path("Pipeline").asText())))
                                    .outputs())
                            .anyMatch(output ->
                                    output.id().equals(from.path("Output").asText()) && !output.optional());
                }
            }
            rule.getValue()
                    .path("Parameters")
                    .properties()
                    .forEach(value -> parameters.put(value.getKey(), InputValues.text(value.getValue())));
            // Throws with what the tool would refuse.
            InputValues.of(descriptor, parameters, files);
        }
        assertThat(own).isTrue();
    }

    private static String tool(JsonNode rule) {
        Matcher path = Pattern.compile("([^/]+)/([^/]+)[.]json")
                .matcher(rule.path("Descriptor").asText());
        assertThat(path.matches()).as("%s", rule).isTrue();
        assertThat(path.group(1)).isEqualTo(path.group(2));
        return path.group(1);
    }

    /** A row of the table of what was tried: name, version, and what ran the tool itself, its own parser, a stand-in. */
    private record Row(String name, String version, List<String> tried) {}

    @Test
    void theTableSaysOfEachToolWhatWasRunAndByWhichTest() throws Exception {
        // Given
        Pattern row = Pattern.compile(
                "\\| \\[`([^`]+)`]\\(\\.\\./pipelines/catalogue/([^/]+)/README\\.md\\) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|");

        // When
        List<Row> rows = Files.readAllLines(ROOT.resolve("docs/pipelines.md")).stream()
                .map(row::matcher)
                .filter(Matcher::matches)
                .map(match -> new Row(
                        match.group(1), match.group(3), List.of(match.group(4), match.group(5), match.group(6))))
                .toList();

        // Then
        assertThat(rows.stream().map(Row::name)).containsExactlyElementsOf(tools().toList());
        for (Row tool : rows) {
            assertThat(tool.version()).isEqualTo(descriptor(tool.name()).toolVersion());
            assertThat(tool.tried()).as(tool.name()).anyMatch(cell -> !cell.equals("no"));
            for (String cell : tool.tried()) {
                assertThat(cell.equals("no") || testMentions(cell, tool.name()))
                        .as("'%s' of %s is 'no' or begins with the test that runs it", cell, tool.name())
                        .isTrue();
            }
            assertThat(Files.readString(CATALOGUE.resolve(tool.name()).resolve("README.md"))
                            .contains("was not run"))
                    .as("the page of %s says whether the tool itself was run", tool.name())
                    .isEqualTo(tool.tried().get(0).equals("no"));
        }
    }

    /** Whether a cell begins with a test of this module, which names the tool. */
    private static boolean testMentions(String cell, String tool) throws IOException {
        Matcher test = Pattern.compile("`([A-Za-z0-9]+Test)`: .*").matcher(cell);
        if (!test.matches()) {
            return false;
        }
        try (Stream<Path> sources = Files.walk(ROOT.resolve("pipeline-service/src/test/java"))) {
            for (Path source : sources.filter(file -> file.endsWith(test.group(1) + ".java"))
                    .toList()) {
                return Files.readString(source).contains('"' + tool + '"');
            }
        }
        return false;
    }

    private static Descriptor descriptor(String name) throws IOException, DescriptorException {
        return DescriptorReader.read(
                name, Files.readAllBytes(CATALOGUE.resolve(name).resolve(name + ".json")));
    }
}
