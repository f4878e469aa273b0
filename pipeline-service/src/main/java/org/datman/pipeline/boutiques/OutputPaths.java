package org.datman.pipeline.boutiques;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.datman.pipeline.boutiques.Descriptor.Input;
import org.datman.pipeline.boutiques.Descriptor.OutputFile;
import org.datman.pipeline.boutiques.Descriptor.Type;

/** Derives the paths of output files from values. Pure. */
public final class OutputPaths {

    private OutputPaths() {}

    /**
     * Paths of all outputs by their ids, relative to the folder in which the tool runs.
     *
     * @throws DescriptorException when values move a path out of that folder
     */
    public static Map<String, String> of(Descriptor descriptor, InputValues values) throws DescriptorException {
        Map<String, String> paths = new LinkedHashMap<>();
        for (OutputFile output : descriptor.outputs()) {
            Map<String, String> byKey = new LinkedHashMap<>();
            for (Input input : descriptor.inputs()) {
                String key = input.valueKey();
                if (key != null) {
                    byKey.put(key, shown(input, output, values.of(input.id())));
                }
            }
            String path = Template.fill(output.pathTemplate(), byKey);
            if (path.isBlank()
                    || path.startsWith("/")
                    || path.indexOf('\0') >= 0
                    || List.of(path.split("/", -1)).contains("..")) {
                throw new DescriptorException(List.of(new Problem(
                        descriptor.file(),
                        "output-files." + output.id() + ".path-template",
                        "becomes '" + path + "'",
                        "a path inside the folder in which the tool runs")));
            }
            paths.put(output.id(), path);
        }
        return paths;
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
        for (String extension : output.strippedExtensions()) {
            if (text.endsWith(extension)) {
                text = text.substring(0, text.length() - extension.length());
            }
        }
        return text;
    }
}
