package org.datman.pipeline.boutiques;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.pipeline.boutiques.Descriptor.Input;
import org.datman.pipeline.boutiques.Descriptor.OutputFile;
import org.datman.pipeline.boutiques.Descriptor.PathTemplate;
import org.datman.pipeline.boutiques.Descriptor.Type;

/** Derives the paths of output files from values. Pure. */
public final class OutputPaths {

    /** Of each result. */
    private static final List<String> OWN = List.of("provenance.json", "prov.json", "ro-crate-metadata.json");

    private OutputPaths() {}

    /**
     * Paths of outputs by their ids, relative to the folder in which the tool runs. An optional output of which no condition holds has
     * none.
     *
     * @throws DescriptorException when values move a path out of that folder, or cannot be compared
     */
    public static Map<String, String> of(Descriptor descriptor, InputValues values) throws DescriptorException {
        Map<String, String> paths = new LinkedHashMap<>();
        for (OutputFile output : descriptor.outputs()) {
            Optional<String> template = template(descriptor, output, values);
            if (template.isEmpty()) {
                continue;
            }
            Map<String, String> byKey = byKey(descriptor, output, values);
            // A path may contain that of another output.
            for (OutputFile other : descriptor.outputs()) {
                Optional<String> path = template(descriptor, other, values);
                if (other.valueKey() != null && !other.equals(output) && path.isPresent()) {
                    byKey.put(other.valueKey(), Template.fill(path.get(), byKey(descriptor, other, values)));
                }
            }
            String path = Template.fill(template.get(), byKey);
            if (path.isBlank()
                    || path.startsWith("/")
                    || path.indexOf('\0') >= 0
                    || List.of(path.split("/", -1)).contains("..")
                    || OWN.contains(Path.of(path).normalize().toString())) {
                throw new DescriptorException(List.of(new Problem(
                        descriptor.file(),
                        "output-files." + output.id() + ".path-template",
                        "becomes '" + path + "'",
                        "a path inside the folder in which the tool runs, and not " + String.join(", ", OWN)
                                + ", which DATMAN writes")));
            }
            paths.put(output.id(), path);
        }
        return paths;
    }

    private static Map<String, String> byKey(Descriptor descriptor, OutputFile output, InputValues values) {
        Map<String, String> byKey = new LinkedHashMap<>();
        for (Input input : descriptor.inputs()) {
            String key = input.valueKey();
            if (key != null) {
                byKey.put(key, shown(input, output, values.of(input.id())));
            }
        }
        return byKey;
    }

    private static Optional<String> template(Descriptor descriptor, OutputFile output, InputValues values)
            throws DescriptorException {
        Map<String, String> given = new LinkedHashMap<>();
        values.byInput().forEach((id, texts) -> given.put(id, compared(descriptor, id, texts)));
        for (PathTemplate path : output.paths()) {
            Condition condition = path.condition();
            try {
                if (condition == null || condition.holds(given)) {
                    return Optional.of(path.template());
                }
            } catch (Condition.ConditionException e) {
                throw new DescriptorException(List.of(new Problem(
                        descriptor.file(),
                        "output-files." + output.id() + ".conditional-path-template." + condition.text(),
                        String.valueOf(e.getMessage()),
                        "numbers with numbers, texts with texts")));
            }
        }
        return Optional.empty();
    }

    private static String compared(Descriptor descriptor, String id, List<String> values) {
        boolean flag = descriptor.input(id).orElseThrow().type() == Type.FLAG;
        return flag ? "True" : String.join(" ", values);
    }

    /** Whether a path contains wildcards. */
    public static boolean isPattern(String path) {
        return path.indexOf('*') >= 0 || path.indexOf('?') >= 0;
    }

    /** A value in a path: for a file only its name, without the extensions to be stripped. */
    private static String shown(Input input, OutputFile output, List<String> values) {
        String text = String.join("_", values);
        if (input.type() == Type.FILE) {
            text = text.substring(text.lastIndexOf('/') + 1);
        }
        return stripped(text, output.strippedExtensions());
    }

    /** A value without those extensions at its end. */
    static String stripped(String value, List<String> extensions) {
        String text = value;
        for (String extension : extensions) {
            if (text.endsWith(extension)) {
                text = text.substring(0, text.length() - extension.length());
            }
        }
        return text;
    }
}
