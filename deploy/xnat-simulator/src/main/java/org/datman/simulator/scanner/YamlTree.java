package org.datman.simulator.scanner;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.datman.contracts.tree.TreeException;
import org.datman.contracts.tree.TreeNode;
import org.datman.contracts.tree.TreeReader;

/** A value of a scenario file, read to the first error, which names file, line and key. */
final class YamlTree {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s|m|h)");

    private final String file;
    private final String path;
    private final TreeNode node;

    private YamlTree(String file, String path, TreeNode node) {
        this.file = file;
        this.path = path;
        this.node = node;
    }

    static YamlTree parse(String file, String text) {
        try {
            return new YamlTree(
                    file,
                    "",
                    TreeReader.yaml(text.getBytes(StandardCharsets.UTF_8))
                            .orElseThrow(() -> new ScenarioException(file + ":1: the file is empty")));
        } catch (TreeException e) {
            int line = e.place().map(TreeNode.Place::line).orElse(1);
            throw new ScenarioException(file + ":" + line + ": not YAML: " + e.getMessage(), e);
        }
    }

    ScenarioException error(String message) {
        int line = node.place().line();
        return new ScenarioException(file + ":" + line + ": " + (path.isEmpty() ? "" : path + ": ") + message);
    }

    ScenarioException error(String message, Throwable cause) {
        ScenarioException error = error(message);
        error.initCause(cause);
        return error;
    }

    boolean isMap() {
        return node instanceof TreeNode.Mapping;
    }

    boolean isList() {
        return node instanceof TreeNode.Sequence;
    }

    /** The entries of a mapping, in order of the file. */
    Map<String, YamlTree> map() {
        if (!(node instanceof TreeNode.Mapping mapping)) {
            throw error("must be a mapping (key: value)");
        }
        Map<String, YamlTree> out = new LinkedHashMap<>();
        mapping.entries().forEach(entry -> {
            if (!(entry.key() instanceof TreeNode.Scalar key)) {
                throw error("a key must be plain text");
            }
            String name = key.text();
            YamlTree value = new YamlTree(file, path.isEmpty() ? name : path + "." + name, entry.value());
            if (out.put(name, value) != null) {
                throw value.error("is given twice");
            }
        });
        return out;
    }

    /** The entries of a mapping that has no other keys than those allowed. */
    Map<String, YamlTree> map(Collection<String> allowed) {
        Map<String, YamlTree> out = map();
        out.forEach((key, value) -> {
            if (!allowed.contains(key)) {
                throw value.error("unknown key; allowed: " + sorted(allowed));
            }
        });
        return out;
    }

    YamlTree need(String key) {
        YamlTree value = map().get(key);
        if (value == null) {
            throw error("needs the key '" + key + "'");
        }
        return value;
    }

    List<YamlTree> list() {
        if (!(node instanceof TreeNode.Sequence sequence)) {
            throw error("must be a list");
        }
        List<YamlTree> out = new ArrayList<>();
        for (TreeNode item : sequence.items()) {
            out.add(new YamlTree(file, path + "[" + out.size() + "]", item));
        }
        return out;
    }

    String text() {
        if (!(node instanceof TreeNode.Scalar scalar) || scalar.text().isBlank()) {
            throw error("must be text");
        }
        return scalar.text();
    }

    /** Text that goes into a DICOM header: printable ASCII, at most 64 characters. */
    String headerText() {
        String value = text();
        if (!value.matches("[ -~]{1,64}")) {
            throw error("must be 1 to 64 printable ASCII characters, as it goes into DICOM headers");
        }
        return value;
    }

    String oneOf(Collection<String> allowed) {
        String value = text();
        if (!allowed.contains(value)) {
            throw error("'" + value + "' is not known; allowed: " + sorted(allowed));
        }
        return value;
    }

    /** The value that this text is the key of. */
    <T> T oneOf(Map<String, T> allowed) {
        T value = allowed.get(text());
        if (value == null) {
            throw error("'" + text() + "' is not known; allowed: " + sorted(allowed.keySet()));
        }
        return value;
    }

    int integer(int min, int max) {
        String value = text();
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw error("'" + value + "' is not a whole number", e);
        }
        throw error(value + " is out of range; allowed: " + min + " to " + max);
    }

    double number(double min, double max) {
        String value = text();
        try {
            double number = Double.parseDouble(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw error("'" + value + "' is not a number", e);
        }
        throw error(value + " is out of range; allowed: " + min + " to " + max);
    }

    double[] numbers(int count, double min, double max) {
        List<YamlTree> items = list();
        if (items.size() != count) {
            throw error("must have " + count + " numbers, has " + items.size());
        }
        return items.stream().mapToDouble(i -> i.number(min, max)).toArray();
    }

    Duration duration() {
        Matcher matcher = DURATION.matcher(text());
        if (!matcher.matches()) {
            throw error("'" + text() + "' is not a duration; allowed: a whole number and ms, s, m or h, such as 20s");
        }
        long n = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(n);
            case "s" -> Duration.ofSeconds(n);
            case "m" -> Duration.ofMinutes(n);
            default -> Duration.ofHours(n);
        };
    }

    /** The value as plain Java: text, list or map; numbers stay text. */
    Object plain() {
        if (isMap()) {
            Map<String, Object> out = new LinkedHashMap<>();
            map().forEach((k, v) -> out.put(k, v.plain()));
            return out;
        }
        return isList() ? list().stream().map(YamlTree::plain).toList() : text();
    }

    private static Set<String> sorted(Collection<String> values) {
        return new TreeSet<>(values);
    }
}
