package org.datman.pipeline.boutiques;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.datman.contracts.event.EventJson;
import org.datman.pipeline.PythonPackages;
import org.datman.pipeline.boutiques.Descriptor.Input;
import org.datman.pipeline.boutiques.Descriptor.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Command lines and files equal those of the reference implementation, for the descriptors and invocations that its package brings, for ours in
 * {@code src/test/resources/boutiques}, and for every descriptor that DATMAN ships.
 */
class ConformanceTest {

    private static final Path ROOT = Path.of(System.getProperty("datman.root"));

    /** What DATMAN refuses and the reference implementation does not, with the reason. */
    private static final Map<String, String> REFUSED_BY_DATMAN = Map.of(
            // The reference implementation reads these keys and does not enforce them.
            "groups/tool.json 06.json", "c, d are given in part",
            "values/tool.json 03.json", "mode is masked without mask",
            "values/tool.json 04.json", "mode is plain together with mask",
            "values/tool.json 06.json", "mode is masked together with seed",
            // Of two inputs with one key it inserts the first that has a value.
            "tests/invocation/good.json good_invocation.json", "has the value-key '[DTI]' twice");

    @TempDir
    Path folder;

    @Test
    void commandLinesAndFilesAreThoseOfTheReferenceImplementation() throws Exception {
        // Given
        PythonPackages python = PythonPackages.installed(folder, "boutiques==0.5.33");
        Path own = Files.createDirectories(folder.resolve("own"));
        copy(
                requireNonNull(
                        Path.of(ConformanceTest.class.getResource("/boutiques").toURI())),
                own);
        List<Path> shipped = shipped();
        for (Path descriptor : shipped) {
            Path entry =
                    Files.createDirectories(own.resolve(descriptor.getFileName().toString()));
            Files.copy(descriptor, entry.resolve("tool.json"));
            Files.writeString(entry.resolve("least.json"), leastInvocation(Files.readAllBytes(descriptor)));
        }

        // When
        JsonNode cases = EventJson.mapper()
                .readTree(python.python(own.resolve("cases.py").toString(), own.toString()));

        // Then
        Map<String, String> wrong = new TreeMap<>();
        int equal = 0;
        for (JsonNode one : cases) {
            Optional<String> difference = difference(one);
            difference.ifPresent(text -> wrong.put(one.path("name").asText(), text));
            equal += difference.isEmpty() && one.path("result").has("words") ? 1 : 0;
            if (one.path("own").asBoolean()) {
                assertThat(one.path("valid").asBoolean())
                        .as(one.path("name").asText())
                        .isTrue();
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(equal).isGreaterThanOrEqualTo(55);
    }

    private static Optional<String> difference(JsonNode one) throws IOException {
        JsonNode result = one.path("result");
        Path folder = Path.of(result.path("folder").asText("/nowhere"));
        List<String> words;
        Map<String, String> written;
        try {
            Descriptor descriptor = DescriptorReader.read(
                    "tool.json",
                    withProof(Files.readAllBytes(Path.of(one.path("descriptor").asText()))));
            InputValues values = values(
                    descriptor,
                    EventJson.mapper()
                            .readTree(Path.of(one.path("invocation").asText()).toFile()));
            words = words(descriptor, CommandLine.of(descriptor, values, folder));
            written = FileTemplates.of(descriptor, values);
        } catch (DescriptorException e) {
            String refusal = REFUSED_BY_DATMAN.get(one.path("name").asText());
            boolean agreed = !result.isObject()
                    || refusal != null && String.valueOf(e.getMessage()).contains(refusal);
            return agreed ? Optional.empty() : Optional.of("refused: " + e.getMessage());
        }
        if (result.path("broken").asBoolean()) {
            // DATMAN's arguments need no quotes.
            return Optional.empty();
        }
        if (!result.isObject()) {
            return one.path("valid").asBoolean() ? Optional.of("not refused: " + words) : Optional.empty();
        }
        List<String> expected = new ArrayList<>();
        result.path("words").forEach(word -> expected.add(word.asText()));
        Map<String, String> files = new HashMap<>();
        Map<String, String> expectedFiles = new HashMap<>();
        result.path("written")
                .properties()
                .forEach(e -> expectedFiles.put(e.getKey(), e.getValue().asText()));
        if (!words.equals(expected)) {
            return Optional.of(words + " instead of " + expected);
        }
        written.forEach((path, content) -> files.put(Path.of(path).normalize().toString(), content));
        return files.equals(expectedFiles) ? Optional.empty() : Optional.of(files + " instead of " + expectedFiles);
    }

    /** DATMAN judges a run by an output that must be there, which Boutiques does not ask for; it changes no command line. */
    private static byte[] withProof(byte[] json) throws IOException {
        ObjectNode descriptor = (ObjectNode) EventJson.mapper().readTree(json);
        descriptor
                .withArray("output-files")
                .addObject()
                .put("id", "proof")
                .put("name", "proof")
                .put("path-template", "proof.txt");
        return descriptor.toString().getBytes(UTF_8);
    }

    private static InputValues values(Descriptor descriptor, JsonNode invocation) throws DescriptorException {
        Map<String, List<String>> files = new LinkedHashMap<>();
        Map<String, String> parameters = new LinkedHashMap<>();
        invocation.properties().forEach(given -> {
            if (descriptor.input(given.getKey()).map(Input::type).orElse(Type.STRING) == Type.FILE) {
                List<String> paths = new ArrayList<>();
                if (given.getValue().isArray()) {
                    given.getValue().forEach(path -> paths.add(path.asText()));
                } else {
                    paths.add(given.getValue().asText());
                }
                files.put(given.getKey(), paths);
            } else {
                parameters.put(given.getKey(), InputValues.text(given.getValue()));
            }
        });
        return InputValues.of(descriptor, parameters, files);
    }

    /** The words of a command; those of a shell's script with its parameters in their places. */
    private static List<String> words(Descriptor descriptor, List<String> command) {
        if (descriptor.shell() == null) {
            return command;
        }
        Matcher reference = Pattern.compile("\"?\\$\\{([0-9]+)\\}\"?").matcher(command.get(2));
        List<String> words = new ArrayList<>();
        StringBuilder script = new StringBuilder();
        int at = 0;
        while (reference.find()) {
            script.append(command.get(2), at, reference.start());
            script.append("'")
                    .append(command.get(3 + Integer.parseInt(reference.group(1)))
                            .replace("'", "'\"'\"'"))
                    .append("'");
            at = reference.end();
        }
        script.append(command.get(2).substring(at));
        words.addAll(CommandLine.split(script.toString()));
        return words;
    }

    private static List<Path> shipped() throws IOException {
        List<Path> descriptors = new ArrayList<>();
        for (String place : List.of("pipelines/catalogue", "docs/defacing")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(place))) {
                files.filter(file -> file.toString().endsWith(".json")).forEach(descriptors::add);
            }
        }
        assertThat(descriptors).hasSizeGreaterThanOrEqualTo(5);
        return descriptors;
    }

    /** A value for every input that needs one. */
    private static String leastInvocation(byte[] json) throws IOException, DescriptorException {
        ObjectNode invocation = EventJson.mapper().createObjectNode();
        for (Input input : DescriptorReader.read("tool.json", json).inputs()) {
            if (!input.optional() && input.defaultValue() == null) {
                if (input.list()) {
                    invocation.putArray(input.id()).add(leastValue(input));
                } else {
                    invocation.set(input.id(), leastValue(input));
                }
            }
        }
        return invocation.toString();
    }

    private static JsonNode leastValue(Input input) {
        return switch (input.type()) {
            case FILE -> TextNode.valueOf(input.id() + ".nii.gz");
            case NUMBER -> IntNode.valueOf(1);
            case STRING ->
                TextNode.valueOf(
                        input.choices().isEmpty() ? "text" : input.choices().get(0));
            case FLAG -> BooleanNode.TRUE;
        };
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                Files.createDirectories(target.getParent());
                Files.copy(path, target);
            }
        }
    }
}
