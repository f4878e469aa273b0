package org.datman.pipeline.boutiques;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.datman.pipeline.boutiques.Descriptor.Input;
import org.datman.pipeline.boutiques.Descriptor.OutputFile;
import org.datman.pipeline.boutiques.Descriptor.Type;

/**
 * Files that a descriptor declares by their lines ({@code file-template}), written before the tool starts. Pure.
 *
 * <p>As the reference implementation writes them (boutiques 0.5.33): a line with the key of an input without a value, or of an output without a path, is empty, texts and
 * paths are quoted as for a shell, no line end follows the last line.
 */
public final class FileTemplates {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9@%_+=:,./-]+");

    private FileTemplates() {}

    /**
     * Contents of all such files by their paths, relative to the folder in which the tool runs.
     *
     * @throws DescriptorException when values move a path out of that folder
     */
    public static Map<String, String> of(Descriptor descriptor, InputValues values) throws DescriptorException {
        Map<String, String> paths = OutputPaths.of(descriptor, values);
        Map<String, String> contents = new LinkedHashMap<>();
        for (OutputFile output : descriptor.outputs()) {
            String path = paths.get(output.id());
            if (path != null && !output.fileTemplate().isEmpty()) {
                Map<String, String> byKey = byKey(descriptor, values, paths, output);
                List<String> lines = new ArrayList<>();
                for (String line : output.fileTemplate()) {
                    lines.add(absent(descriptor, byKey, line) ? "" : Template.fill(line, byKey));
                }
                contents.put(path, String.join("\n", lines));
            }
        }
        return contents;
    }

    private static Map<String, String> byKey(
            Descriptor descriptor, InputValues values, Map<String, String> paths, OutputFile of) {
        Map<String, String> byKey = new HashMap<>();
        for (Input input : descriptor.inputs()) {
            List<String> given = values.of(input.id());
            if (input.valueKey() != null && !given.isEmpty()) {
                byKey.put(input.valueKey(), written(input, given, of));
            }
        }
        for (OutputFile output : descriptor.outputs()) {
            if (output.valueKey() != null && paths.containsKey(output.id())) {
                byKey.put(output.valueKey(), quoted(Objects.requireNonNull(paths.get(output.id()))));
            }
        }
        return byKey;
    }

    private static String written(Input input, List<String> given, OutputFile of) {
        if (input.type() == Type.FLAG) {
            return "True";
        }
        if (input.type() == Type.NUMBER) {
            return String.join(input.listSeparator(), given);
        }
        List<String> quoted = given.stream()
                .map(value -> quoted(OutputPaths.stripped(value, of.strippedExtensions())))
                .toList();
        return String.join(input.listSeparator(), quoted);
    }

    private static boolean absent(Descriptor descriptor, Map<String, String> byKey, String line) {
        return Stream.concat(
                        descriptor.inputs().stream().map(Input::valueKey),
                        descriptor.outputs().stream().map(OutputFile::valueKey))
                .anyMatch(key -> key != null && !byKey.containsKey(key) && line.contains(key));
    }

    private static String quoted(String text) {
        return PLAIN.matches(text) ? text : "'" + text.replace("'", "'\"'\"'") + "'";
    }
}
