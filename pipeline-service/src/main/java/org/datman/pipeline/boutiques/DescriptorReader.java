package org.datman.pipeline.boutiques;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.datman.contracts.tree.Section;
import org.datman.contracts.tree.TreeException;
import org.datman.contracts.tree.TreeNode;
import org.datman.contracts.tree.TreeReader;
import org.datman.pipeline.boutiques.Descriptor.Entries;
import org.datman.pipeline.boutiques.Descriptor.Group;
import org.datman.pipeline.boutiques.Descriptor.Input;
import org.datman.pipeline.boutiques.Descriptor.OutputFile;
import org.datman.pipeline.boutiques.Descriptor.PathTemplate;
import org.datman.pipeline.boutiques.Descriptor.Range;
import org.datman.pipeline.boutiques.Descriptor.Resources;
import org.datman.pipeline.boutiques.Descriptor.Type;
import org.jspecify.annotations.Nullable;

/** Reads a Boutiques 0.5 descriptor; reports all its faults in one pass. */
public final class DescriptorReader {

    private static final String SCHEMA_VERSION = "0.5";
    private static final String PROGRESS = "a regular expression (RE2) with one group";
    private static final String CONDITIONS = "ids of inputs and numbers with ==, !=, <, >, <=, >=, and, or, ( )";

    private final String file;
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> inputIds = new HashSet<>();

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

    private TreeNode parse(byte[] json) throws DescriptorException {
        try {
            return TreeReader.json(json)
                    .orElseThrow(() -> new DescriptorException(
                            List.of(new Problem(file, "", "is empty", "a Boutiques 0.5 descriptor"))));
        } catch (TreeException e) {
            throw new DescriptorException(List.of(
                    new Problem(file, e.place().orElse(null), "", String.valueOf(e.getMessage()), e.allowed())));
        }
    }

    private Descriptor descriptor(TreeNode root) {
        Section in = new Section(
                root,
                "",
                (place, key, problem, allowed) -> problems.add(new Problem(file, place, key, problem, allowed)),
                true);
        String schema = in.required("schema-version", SCHEMA_VERSION);
        if (!schema.isEmpty() && !schema.equals(SCHEMA_VERSION)) {
            in.fault("schema-version", "is '" + schema + "'", SCHEMA_VERSION);
        }
        in.informative("description", "author", "url", "doi", "tool-doi", "descriptor-url", "tags", "tests");
        in.informative("invocation-schema", "online-platform-urls", "deprecated-by-doi");
        List<Input> inputs = in.list("inputs").stream().map(this::input).toList();
        inputs.forEach(input -> inputIds.add(input.id()));
        Descriptor descriptor = new Descriptor(
                file,
                named(in, "name"),
                named(in, "tool-version"),
                in.required("command-line", "the command, with value keys as [INPUT]"),
                shell(in),
                inputs,
                in.list("output-files").stream().map(this::output).toList(),
                in.list("groups").stream().map(this::group).toList(),
                environment(in),
                containerImage(in),
                resources(in),
                errorCodes(in),
                toolFiles(in),
                in.section("custom")
                        .flatMap(custom -> custom.section("datman"))
                        .map(own -> own.texts("measures"))
                        .orElse(List.of()),
                in.section("custom")
                        .flatMap(custom -> custom.section("datman"))
                        .map(own -> own.counts("transient"))
                        .orElse(List.of()),
                progress(in));
        if (descriptor.inputs().isEmpty()) {
            in.fault("inputs", "names no input", "at least one");
        }
        // A file that DATMAN writes itself proves nothing about the tool.
        if (descriptor.outputs().stream()
                .allMatch(output -> output.optional() || !output.fileTemplate().isEmpty())) {
            in.fault(
                    "output-files",
                    "names no file that the tool must write",
                    "at least one that is not optional and has no file-template");
        }
        requireDistinct(in, descriptor);
        requireKnown(in, descriptor);
        in.done();
        return descriptor;
    }

    /** Names become archive folders; a name that cannot is a fault. */
    private static String named(Section in, String key) {
        String text = in.required(key, "text");
        if (in.has(key) && text.chars().noneMatch(Character::isLetterOrDigit)) {
            in.fault(key, "has neither letter nor digit", "text with letters or digits");
        }
        return text;
    }

    private Input input(Section in) {
        in.informative("name", "description");
        JsonNode type = in.value("type").map(TreeNode::toJson).orElse(null);
        Input input = new Input(
                in.required("id", "letters, digits and _"),
                type(in, type),
                key(in),
                in.text("command-line-flag").orElse(null),
                in.text("command-line-flag-separator").orElse(" "),
                in.flag("list"),
                in.text("list-separator").orElse(" "),
                in.flag("optional"),
                in.flag("integer"),
                new Range(
                        in.decimal("minimum").orElse(null),
                        in.flag("exclusive-minimum"),
                        in.decimal("maximum").orElse(null),
                        in.flag("exclusive-maximum")),
                new Entries(
                        in.count("min-list-entries").orElse(null),
                        in.count("max-list-entries").orElse(null)),
                in.texts("value-choices"),
                in.value("default-value").map(TreeNode::toJson).orElse(null),
                in.texts("requires-inputs"),
                in.texts("disables-inputs"),
                byChoice(in, "value-requires"),
                byChoice(in, "value-disables"),
                in.flag("uses-absolute-path"));
        if (input.type() == Type.FLAG && input.flag() == null) {
            in.fault("command-line-flag", "is missing", "a flag, because the type is Flag");
        }
        if (input.type() == Type.FLAG && input.list()) {
            in.fault("list", "is true", "false, because the type is Flag");
        }
        in.done();
        return input;
    }

    private static Type type(Section in, @Nullable JsonNode value) {
        for (Type type : Type.values()) {
            if (value != null && type.word().equals(value.textValue())) {
                return type;
            }
        }
        in.fault("type", value == null ? "is missing" : "is " + value, "String, File, Flag, Number");
        return Type.STRING;
    }

    private static @Nullable String key(Section in) {
        String key = in.text("value-key").orElse(null);
        if (key != null && (key.isBlank() || key.chars().anyMatch(Character::isWhitespace))) {
            in.fault("value-key", "is '" + key + "'", "text without spaces, as [INPUT]");
            return null;
        }
        return key;
    }

    private OutputFile output(Section in) {
        in.informative("description");
        String id = in.required("id", "letters, digits and _");
        OutputFile output = new OutputFile(
                id,
                in.text("name").orElse(id),
                paths(in),
                in.texts("path-template-stripped-extensions"),
                in.flag("optional"),
                in.flag("list"),
                key(in),
                in.text("command-line-flag").orElse(null),
                in.text("command-line-flag-separator").orElse(" "),
                in.flag("uses-absolute-path"),
                in.texts("file-template"));
        String key = in.has("path-template") ? "path-template" : "conditional-path-template";
        for (PathTemplate path : output.paths()) {
            if (path.template().startsWith("/")
                    || List.of(path.template().split("/", -1)).contains("..")) {
                in.fault(key, "leaves the folder in which the tool runs", "a relative path without '..'");
            }
            if (!output.list() && OutputPaths.isPattern(path.template())) {
                in.fault(key, "contains wildcards", "a plain path, or \"list\": true");
            }
        }
        if (output.list() && !output.fileTemplate().isEmpty()) {
            in.fault("file-template", "is given for a list", "one file");
        }
        if (!output.optional() && output.paths().stream().noneMatch(path -> path.condition() == null)) {
            in.fault(key, "has no \"default\"", "one, because the file is not optional");
        }
        in.done();
        return output;
    }

    /** The paths of an output, with their conditions; a {@code default} ends them. */
    private List<PathTemplate> paths(Section in) {
        if (!in.has("conditional-path-template")) {
            return List.of(new PathTemplate(null, in.required("path-template", "a path with value keys")));
        }
        if (in.has("path-template")) {
            in.fault("path-template", "is given beside conditional-path-template", "one of them");
        }
        List<PathTemplate> paths = new ArrayList<>();
        for (Section choice : in.list("conditional-path-template")) {
            for (String condition : choice.names()) {
                String template = choice.required(condition, "a path with value keys");
                if (condition.equals("default")) {
                    paths.add(new PathTemplate(null, template));
                } else {
                    try {
                        paths.add(new PathTemplate(Condition.parse(condition, inputIds), template));
                    } catch (Condition.ConditionException e) {
                        choice.fault(condition, String.valueOf(e.getMessage()), CONDITIONS);
                    }
                }
            }
            choice.done();
        }
        return List.copyOf(paths);
    }

    /** Ids of inputs by a value of this one. */
    private static Map<String, List<String>> byChoice(Section in, String key) {
        Section choices = in.section(key).orElse(null);
        if (choices == null) {
            return Map.of();
        }
        List<String> allowed = in.texts("value-choices");
        Map<String, List<String>> byChoice = new LinkedHashMap<>();
        for (String choice : choices.names()) {
            byChoice.put(choice, choices.texts(choice));
            if (!allowed.contains(choice)) {
                choices.fault(choice, "is none of the value-choices", String.join(", ", allowed));
            }
        }
        choices.done();
        return Map.copyOf(byChoice);
    }

    /** Boutiques has a shell always; it is left out where it would change nothing, so that no value passes through one. */
    private static @Nullable String shell(Section in) {
        return in.text("shell")
                .orElse(CommandLine.needsShell(in.text("command-line").orElse("")) ? "/bin/sh" : null);
    }

    private Group group(Section in) {
        in.informative("name", "description");
        Group group = new Group(
                in.required("id", "text"),
                in.texts("members"),
                in.flag("mutually-exclusive"),
                in.flag("one-is-required"),
                in.flag("all-or-none"));
        in.done();
        return group;
    }

    private static Map<String, String> environment(Section in) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (Section variable : in.list("environment-variables")) {
            variable.informative("description");
            String name = variable.required("name", "letters, digits and _");
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                variable.fault("name", "is '" + name + "'", "letters, digits and _");
            }
            environment.put(name, variable.required("value", "text"));
            variable.done();
        }
        return Map.copyOf(environment);
    }

    private static Descriptor.@Nullable ContainerImage containerImage(Section in) {
        Section image = in.section("container-image").orElse(null);
        if (image == null) {
            return null;
        }
        image.informative("type", "container-opts", "entrypoint", "working-directory", "url");
        String index = image.text("index").orElse(null);
        String hash = image.text("container-hash").orElse(null);
        List<String> notFollowed = Stream.of("container-opts", "working-directory")
                .filter(image::has)
                .toList();
        String name = image.text("image").orElse(null);
        image.done();
        return name == null ? null : new Descriptor.ContainerImage(name, index, hash, notFollowed);
    }

    private static Resources resources(Section in) {
        Section section = in.section("suggested-resources").orElse(null);
        if (section == null) {
            return new Resources(null, null, null);
        }
        section.informative("disk-space", "nodes");
        Resources resources = new Resources(
                positive(section, "walltime-estimate"), positive(section, "cpu-cores"), positive(section, "ram"));
        section.done();
        return resources;
    }

    private static @Nullable Double positive(Section section, String key) {
        BigDecimal number = section.decimal(key).orElse(null);
        if (number != null && number.signum() <= 0) {
            section.fault(key, "is " + number, "more than 0");
        }
        return number == null ? null : number.doubleValue();
    }

    private static Map<Integer, String> errorCodes(Section in) {
        Map<Integer, String> codes = new HashMap<>();
        for (Section code : in.list("error-codes")) {
            Optional<Integer> number = code.count("code");
            String meaning = code.required("description", "text");
            number.ifPresent(n -> codes.put(n, meaning));
            code.done();
        }
        return Map.copyOf(codes);
    }

    private static @Nullable Pattern progress(Section in) {
        Optional<Section> own = in.section("custom").flatMap(custom -> custom.section("datman"));
        String text = own.flatMap(section -> section.text("progress")).orElse("");
        if (text.isEmpty()) {
            return null;
        }
        try {
            Pattern pattern = Pattern.compile(text);
            if (pattern.groupCount() == 1) {
                return pattern;
            }
            own.get().fault("progress", "has " + pattern.groupCount() + " groups", PROGRESS);
        } catch (PatternSyntaxException e) {
            own.get().fault("progress", "is no regular expression: " + e.getMessage(), PROGRESS);
        }
        return null;
    }

    private static List<String> toolFiles(Section in) {
        Optional<Section> own = in.section("custom").flatMap(custom -> custom.section("datman"));
        List<String> files = own.map(section -> section.texts("files")).orElse(List.of());
        for (String name : files) {
            if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._+-]*")) {
                own.get().fault("files", "names '" + name + "'", "plain names of files beside the descriptor");
            }
        }
        own.ifPresent(section -> section.texts("measures"));
        own.ifPresent(section -> section.counts("transient"));
        own.ifPresent(section -> section.text("progress"));
        own.ifPresent(Section::done);
        return files;
    }

    private static void requireDistinct(Section in, Descriptor descriptor) {
        Set<String> ids = new HashSet<>();
        Set<String> keys = new HashSet<>();
        for (Input input : descriptor.inputs()) {
            if (!ids.add(input.id())) {
                in.fault("inputs", "has the id '" + input.id() + "' twice", "distinct ids");
            }
            String key = input.valueKey();
            if (key != null && !keys.add(key)) {
                in.fault("inputs", "has the value-key '" + key + "' twice", "distinct value keys");
            }
        }
        for (OutputFile output : descriptor.outputs()) {
            if (!ids.add(output.id())) {
                in.fault("output-files", "has the id '" + output.id() + "', which is taken", "distinct ids");
            }
            String key = output.valueKey();
            if (key != null && !keys.add(key)) {
                in.fault("output-files", "has the value-key '" + key + "', which is taken", "distinct value keys");
            }
        }
    }

    private static void requireKnown(Section in, Descriptor descriptor) {
        for (Input input : descriptor.inputs()) {
            requireInputs(
                    in,
                    descriptor,
                    "inputs",
                    input.requires().stream()
                            .filter(id -> descriptor.group(id).isEmpty())
                            .toList());
            requireInputs(in, descriptor, "inputs", input.disables());
            input.valueRequires().values().forEach(ids -> requireInputs(in, descriptor, "inputs", ids));
            input.valueDisables().values().forEach(ids -> requireInputs(in, descriptor, "inputs", ids));
        }
        for (Group group : descriptor.groups()) {
            requireInputs(in, descriptor, "groups", group.members());
        }
        for (int code : descriptor.transientCodes()) {
            if (code == 0 || !descriptor.errorCodes().containsKey(code)) {
                in.fault(
                        "custom",
                        "names " + code + " among datman.transient, which error-codes does not explain",
                        "exit codes of error-codes, not 0");
            }
        }
        for (String id : descriptor.measures()) {
            if (descriptor.outputs().stream().noneMatch(output -> output.id().equals(id))) {
                in.fault(
                        "custom",
                        "names '" + id + "' among datman.measures, which is no output",
                        "ids of output-files");
            }
        }
    }

    private static void requireInputs(Section in, Descriptor descriptor, String key, List<String> ids) {
        for (String id : ids) {
            if (descriptor.input(id).isEmpty()) {
                in.fault(key, "names '" + id + "', which is no input", "ids of inputs");
            }
        }
    }
}
