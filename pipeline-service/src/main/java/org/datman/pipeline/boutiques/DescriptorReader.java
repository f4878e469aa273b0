package org.datman.pipeline.boutiques;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.datman.pipeline.boutiques.Descriptor.Entries;
import org.datman.pipeline.boutiques.Descriptor.Group;
import org.datman.pipeline.boutiques.Descriptor.Input;
import org.datman.pipeline.boutiques.Descriptor.OutputFile;
import org.datman.pipeline.boutiques.Descriptor.Range;
import org.datman.pipeline.boutiques.Descriptor.Resources;
import org.datman.pipeline.boutiques.Descriptor.Type;

/** Reads a Boutiques 0.5 descriptor; reports all its faults in one pass. */
public final class DescriptorReader {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(com.fasterxml.jackson.core.JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String SCHEMA_VERSION = "0.5";

    private final String file;
    private final List<Problem> problems = new ArrayList<>();

    private DescriptorReader(String file) {
        this.file = file;
    }

    /**
     * @param file name of the descriptor, for messages
     * @throws DescriptorException with every fault
     */
    public static Descriptor read(String file, byte[] json) throws DescriptorException {
        DescriptorReader reader = new DescriptorReader(file);
        Descriptor descriptor = reader.descriptor(reader.parse(json));
        if (reader.problems.isEmpty()) {
            reader.problems.addAll(CommandLine.problems(descriptor));
        }
        if (!reader.problems.isEmpty()) {
            throw new DescriptorException(reader.problems);
        }
        return descriptor;
    }

    private JsonNode parse(byte[] json) throws DescriptorException {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : "line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            String what =
                    "is not JSON: " + e.getOriginalMessage().lines().findFirst().orElse("");
            throw new DescriptorException(List.of(new Problem(file, where, what, "a Boutiques 0.5 descriptor")));
        } catch (IOException e) {
            throw new DescriptorException(
                    List.of(new Problem(file, "", "cannot be read: " + e.getMessage(), "a readable file")));
        }
    }

    private Descriptor descriptor(JsonNode root) {
        JsonSection in = new JsonSection(root, file, "", problems);
        String schema = in.requiredText("schema-version", SCHEMA_VERSION);
        if (!schema.isEmpty() && !schema.equals(SCHEMA_VERSION)) {
            in.fault("schema-version", "is '" + schema + "'", SCHEMA_VERSION);
        }
        in.informative("description", "author", "url", "doi", "tool-doi", "descriptor-url", "tags", "tests");
        in.informative("invocation-schema", "online-platform-urls", "deprecated-by-doi");
        Descriptor descriptor = new Descriptor(
                file,
                named(in, "name"),
                named(in, "tool-version"),
                in.requiredText("command-line", "the command, with value keys as [INPUT]"),
                in.text("shell"),
                in.sections("inputs").stream().map(this::input).toList(),
                in.sections("output-files").stream().map(this::output).toList(),
                in.sections("groups").stream().map(this::group).toList(),
                environment(in),
                containerImage(in),
                resources(in),
                errorCodes(in),
                toolFiles(in));
        if (descriptor.inputs().isEmpty()) {
            in.fault("inputs", "names no input", "at least one");
        }
        if (descriptor.outputs().stream().allMatch(OutputFile::optional)) {
            in.fault("output-files", "names no file that must be there", "at least one that is not optional");
        }
        requireDistinct(in, descriptor);
        requireKnown(in, descriptor);
        in.done();
        return descriptor;
    }

    /** Names become archive folders; a name that cannot is a fault. */
    private static String named(JsonSection in, String key) {
        String text = in.requiredText(key, "text");
        if (in.has(key) && text.chars().noneMatch(Character::isLetterOrDigit)) {
            in.fault(key, "has neither letter nor digit", "text with letters or digits");
        }
        return text;
    }

    private Input input(JsonSection in) {
        in.informative("name", "description");
        in.unsupported("value-requires", "value-disables");
        Optional<JsonNode> type = in.value("type");
        Input input = new Input(
                in.requiredText("id", "letters, digits and _"),
                type(in, type),
                key(in),
                in.text("command-line-flag"),
                in.text("command-line-flag-separator").orElse(" "),
                in.bool("list"),
                in.text("list-separator").orElse(" "),
                in.bool("optional"),
                in.bool("integer"),
                new Range(
                        in.number("minimum"),
                        in.bool("exclusive-minimum"),
                        in.number("maximum"),
                        in.bool("exclusive-maximum")),
                new Entries(in.count("min-list-entries"), in.count("max-list-entries")),
                in.texts("value-choices"),
                in.value("default-value"),
                in.texts("requires-inputs"),
                in.texts("disables-inputs"),
                in.bool("uses-absolute-path"));
        if (input.type() == Type.FLAG && input.flag().isEmpty()) {
            in.fault("command-line-flag", "is missing", "a flag, because the type is Flag");
        }
        if (input.type() == Type.FLAG && input.list()) {
            in.fault("list", "is true", "false, because the type is Flag");
        }
        in.done();
        return input;
    }

    private static Type type(JsonSection in, Optional<JsonNode> value) {
        for (Type type : Type.values()) {
            if (value.isPresent() && type.word().equals(value.get().textValue())) {
                return type;
            }
        }
        in.fault("type", value.map(v -> "is " + v).orElse("is missing"), "String, File, Flag, Number");
        return Type.STRING;
    }

    private static Optional<String> key(JsonSection in) {
        Optional<String> key = in.text("value-key");
        if (key.isPresent() && (key.get().isBlank() || key.get().chars().anyMatch(Character::isWhitespace))) {
            in.fault("value-key", "is '" + key.get() + "'", "text without spaces, as [INPUT]");
            return Optional.empty();
        }
        return key;
    }

    private OutputFile output(JsonSection in) {
        in.informative("description", "uses-absolute-path");
        in.unsupported("conditional-path-template", "file-template");
        String id = in.requiredText("id", "letters, digits and _");
        OutputFile output = new OutputFile(
                id,
                in.text("name").orElse(id),
                in.requiredText("path-template", "a path with value keys"),
                in.texts("path-template-stripped-extensions"),
                in.bool("optional"),
                in.bool("list"),
                key(in),
                in.text("command-line-flag"),
                in.text("command-line-flag-separator").orElse(" "));
        if (output.pathTemplate().startsWith("/")
                || List.of(output.pathTemplate().split("/", -1)).contains("..")) {
            in.fault("path-template", "leaves the folder in which the tool runs", "a relative path without '..'");
        }
        if (!output.list() && OutputPaths.isPattern(output.pathTemplate())) {
            in.fault("path-template", "contains wildcards", "a plain path, or \"list\": true");
        }
        in.done();
        return output;
    }

    private Group group(JsonSection in) {
        in.informative("name", "description");
        Group group = new Group(
                in.requiredText("id", "text"),
                in.texts("members"),
                in.bool("mutually-exclusive"),
                in.bool("one-is-required"),
                in.bool("all-or-none"));
        in.done();
        return group;
    }

    private static Map<String, String> environment(JsonSection in) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (JsonSection variable : in.sections("environment-variables")) {
            variable.informative("description");
            String name = variable.requiredText("name", "letters, digits and _");
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                variable.fault("name", "is '" + name + "'", "letters, digits and _");
            }
            environment.put(name, variable.requiredText("value", "text"));
            variable.done();
        }
        return Map.copyOf(environment);
    }

    private static Optional<String> containerImage(JsonSection in) {
        Optional<JsonSection> image = in.section("container-image");
        image.ifPresent(
                i -> i.informative("type", "index", "container-opts", "entrypoint", "working-directory", "url"));
        image.ifPresent(i -> i.informative("container-hash"));
        Optional<String> name = image.flatMap(i -> i.text("image"));
        image.ifPresent(JsonSection::done);
        return name;
    }

    private static Resources resources(JsonSection in) {
        Optional<JsonSection> section = in.section("suggested-resources");
        section.ifPresent(s -> s.informative("disk-space", "nodes"));
        Resources resources = new Resources(
                positive(section, "walltime-estimate"), positive(section, "cpu-cores"), positive(section, "ram"));
        section.ifPresent(JsonSection::done);
        return resources;
    }

    private static OptionalDouble positive(Optional<JsonSection> section, String key) {
        Optional<BigDecimal> number = section.flatMap(s -> s.number(key));
        if (number.isPresent() && number.get().signum() <= 0) {
            section.get().fault(key, "is " + number.get(), "more than 0");
        }
        return number.isPresent() ? OptionalDouble.of(number.get().doubleValue()) : OptionalDouble.empty();
    }

    private static Map<Integer, String> errorCodes(JsonSection in) {
        Map<Integer, String> codes = new HashMap<>();
        for (JsonSection code : in.sections("error-codes")) {
            Optional<Integer> number = code.count("code");
            String meaning = code.requiredText("description", "text");
            number.ifPresent(n -> codes.put(n, meaning));
            code.done();
        }
        return Map.copyOf(codes);
    }

    private static List<String> toolFiles(JsonSection in) {
        Optional<JsonSection> own = in.section("custom").flatMap(custom -> custom.section("datman"));
        List<String> files = own.map(section -> section.texts("files")).orElse(List.of());
        for (String name : files) {
            if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._+-]*")) {
                own.get().fault("files", "names '" + name + "'", "plain names of files beside the descriptor");
            }
        }
        own.ifPresent(JsonSection::done);
        return files;
    }

    private static void requireDistinct(JsonSection in, Descriptor descriptor) {
        Set<String> ids = new HashSet<>();
        Set<String> keys = new HashSet<>();
        for (Input input : descriptor.inputs()) {
            if (!ids.add(input.id())) {
                in.fault("inputs", "has the id '" + input.id() + "' twice", "distinct ids");
            }
            input.valueKey()
                    .filter(key -> !keys.add(key))
                    .ifPresent(
                            key -> in.fault("inputs", "has the value-key '" + key + "' twice", "distinct value keys"));
        }
        for (OutputFile output : descriptor.outputs()) {
            if (!ids.add(output.id())) {
                in.fault("output-files", "has the id '" + output.id() + "', which is taken", "distinct ids");
            }
            output.valueKey()
                    .filter(key -> !keys.add(key))
                    .ifPresent(key -> in.fault(
                            "output-files", "has the value-key '" + key + "', which is taken", "distinct value keys"));
        }
    }

    private static void requireKnown(JsonSection in, Descriptor descriptor) {
        for (Input input : descriptor.inputs()) {
            requireInputs(in, descriptor, "inputs", input.requires());
            requireInputs(in, descriptor, "inputs", input.disables());
        }
        for (Group group : descriptor.groups()) {
            requireInputs(in, descriptor, "groups", group.members());
        }
    }

    private static void requireInputs(JsonSection in, Descriptor descriptor, String key, List<String> ids) {
        for (String id : ids) {
            if (descriptor.input(id).isEmpty()) {
                in.fault(key, "names '" + id + "', which is no input", "ids of inputs");
            }
        }
    }
}
