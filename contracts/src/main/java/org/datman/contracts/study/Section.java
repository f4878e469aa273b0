package org.datman.contracts.study;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.datman.contracts.naming.NamingException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One mapping of a YAML file, read key by key. A value of the wrong kind is recorded with its place and read as absent, so that
 * one pass finds all faults; {@link #done()} records the keys that no code read.
 */
final class Section {

    private static final int LONGEST_PATTERN = 500;
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(s|m|h|d)");

    private final Node node;
    private final String path;
    private final Problems problems;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Node> keys = new LinkedHashMap<>();
    private final Set<String> requested = new LinkedHashSet<>();

    Section(Node node, String path, Problems problems) {
        this.node = node;
        this.path = path;
        this.problems = problems;
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(this::take);
        } else if (!isNull(node)) {
            problems.add(node, path, "is not a mapping", "indented lines of 'Key: value'");
        }
    }

    private void take(NodeTuple tuple) {
        Node key = tuple.getKeyNode();
        if (!(key instanceof ScalarNode scalar)) {
            problems.add(key, path, "has a key that is not a word", "'Key: value'");
        } else if (keys.putIfAbsent(scalar.getValue(), key) != null) {
            int first = keys.get(scalar.getValue()).getStartMark().getLine() + 1;
            problems.add(key, at(scalar.getValue()), "is given twice (first in line " + first + ")", "each key once");
        } else {
            values.put(scalar.getValue(), tuple.getValueNode());
        }
    }

    Set<String> names() {
        return values.keySet();
    }

    boolean has(String key) {
        return value(key).isPresent();
    }

    /** Records a fault at a key's value, or at the key itself, or at the section when the key is absent. */
    void fault(String key, String problem, String allowed) {
        Node where = values.getOrDefault(key, node);
        problems.add(where, at(key), problem, allowed);
    }

    void fault(String problem, String allowed) {
        problems.add(node, path, problem, allowed);
    }

    Optional<String> text(String key) {
        return value(key).flatMap(v -> scalar(v, at(key)));
    }

    String text(String key, String otherwise) {
        return text(key).orElse(otherwise);
    }

    /** The text of a required key; empty text, with the fault recorded, when it is missing. */
    String required(String key, String allowed) {
        Optional<String> text = text(key);
        if (text.isEmpty() && !has(key)) {
            fault(key, "is missing", allowed);
        }
        return text.orElse("");
    }

    /** A text that the given function accepts; its {@link IllegalArgumentException} becomes the fault. */
    <T> Optional<T> parsed(String key, Function<String, T> parse, String allowed) {
        return text(key).flatMap(text -> {
            try {
                return Optional.of(parse.apply(text.strip()));
            } catch (NamingException e) {
                fault(key, e.problem(), allowed);
            } catch (NumberFormatException | DateTimeParseException e) {
                fault(key, "'" + text + "' is not right", allowed);
            } catch (IllegalArgumentException e) {
                fault(key, "'" + text + "' " + e.getMessage(), allowed);
            }
            return Optional.empty();
        });
    }

    boolean bool(String key, boolean otherwise) {
        return text(key)
                .map(text -> switch (text) {
                    case "true", "True", "yes" -> true;
                    case "false", "False", "no" -> false;
                    default -> {
                        fault(key, "'" + text + "' is neither true nor false", "true, false");
                        yield otherwise;
                    }
                })
                .orElse(otherwise);
    }

    <E extends Enum<E>> Optional<E> oneOf(String key, Class<E> type) {
        return text(key).flatMap(text -> word(text, type, key));
    }

    <E extends Enum<E>> List<E> severalOf(String key, Class<E> type) {
        return texts(key).stream().flatMap(t -> word(t, type, key).stream()).toList();
    }

    private <E extends Enum<E>> Optional<E> word(String text, Class<E> type, String key) {
        E[] constants = type.getEnumConstants();
        Optional<E> found = Arrays.stream(constants)
                .filter(c -> QuotedList.key(c).equals(text))
                .findFirst();
        if (found.isEmpty()) {
            List<String> allowed = Arrays.stream(constants).map(QuotedList::key).toList();
            fault(key, "'" + text + "' is not known" + guess(text, allowed), String.join(", ", allowed));
        }
        return found;
    }

    Optional<Integer> integer(String key, int least) {
        String allowed = "a whole number, " + least + " or more";
        Optional<Integer> number = parsed(key, Integer::valueOf, allowed);
        if (number.filter(n -> n < least).isPresent()) {
            fault(key, number.get() + " is too small", allowed);
            return Optional.empty();
        }
        return number;
    }

    OptionalDouble number(String key) {
        Optional<Double> number = parsed(key, Double::valueOf, "a number");
        if (number.filter(n -> !Double.isFinite(n)).isPresent()) {
            fault(key, "is not finite", "a number");
            return OptionalDouble.empty();
        }
        return number.map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    Optional<LocalDate> date(String key) {
        return parsed(key, LocalDate::parse, "a date as 2026-01-31");
    }

    /** A whole number with its unit: {@code 90s}, {@code 10m}, {@code 4h}, {@code 2d}. */
    Optional<Duration> duration(String key) {
        return parsed(
                key,
                text -> {
                    Matcher matcher = DURATION.matcher(text);
                    if (!matcher.matches()) {
                        throw new IllegalArgumentException("is not a duration");
                    }
                    long n = Long.parseLong(matcher.group(1));
                    return switch (matcher.group(2)) {
                        case "s" -> Duration.ofSeconds(n);
                        case "m" -> Duration.ofMinutes(n);
                        case "h" -> Duration.ofHours(n);
                        default -> Duration.ofDays(n);
                    };
                },
                "a whole number and s, m, h or d, for example 10m");
    }

    /** A list of texts; a single text is a list of one. */
    List<String> texts(String key) {
        return value(key)
                .map(v -> items(v).stream()
                        .flatMap(item -> scalar(item, at(key)).stream())
                        .toList())
                .orElse(List.of());
    }

    /** One or several regular expressions in RE2 syntax. */
    List<Pattern> patterns(String key, int flags) {
        List<Pattern> patterns = new ArrayList<>();
        for (String text : texts(key)) {
            try {
                if (text.isEmpty() || text.length() > LONGEST_PATTERN) {
                    fault(key, "has an empty or very long pattern", "1 to " + LONGEST_PATTERN + " characters");
                } else {
                    patterns.add(Pattern.compile(text, flags));
                }
            } catch (PatternSyntaxException e) {
                fault(
                        key,
                        "the pattern '" + text + "' is faulty: " + e.getDescription() + " at '" + e.getPattern() + "'",
                        "a regular expression in RE2 syntax (no look-ahead, no back-references)");
            }
        }
        return patterns;
    }

    /** A mapping below this one. */
    Optional<Section> section(String key) {
        return value(key).map(v -> new Section(v, at(key), problems));
    }

    /** A mapping of names to mappings, in the order of the file. */
    Map<String, Section> sections(String key) {
        Optional<Section> whole = section(key);
        Map<String, Section> named = new LinkedHashMap<>();
        whole.ifPresent(w -> w.names().forEach(name -> {
            w.requested.add(name);
            named.put(name, new Section(w.values.get(name), w.at(name), problems));
        }));
        return named;
    }

    /** A list of mappings; a single mapping is a list of one. */
    List<Section> list(String key) {
        List<Section> sections = new ArrayList<>();
        value(key).ifPresent(v -> {
            List<Node> items = items(v);
            for (int i = 0; i < items.size(); i++) {
                sections.add(new Section(items.get(i), at(key) + "[" + i + "]", problems));
            }
        });
        return sections;
    }

    /** Whether the value is a mapping or a list, and not a plain text. */
    boolean isStructured(String key) {
        return value(key).filter(v -> !(v instanceof ScalarNode)).isPresent();
    }

    Optional<Node> value(String key) {
        requested.add(key);
        return Optional.ofNullable(values.get(key)).filter(v -> !isNull(v));
    }

    /** Records every key that no code read. */
    void done() {
        for (String key : values.keySet()) {
            if (!requested.contains(key)) {
                String problem = key.equals("<<")
                        ? "merging is not supported; write the keys out"
                        : "is not a known key" + guess(key, requested);
                problems.add(keys.get(key), at(key), problem, String.join(", ", requested));
            }
        }
    }

    static String guess(String word, java.util.Collection<String> known) {
        return QuotedList.nearest(word, known)
                .map(best -> " (did you mean " + best + "?)")
                .orElse("");
    }

    String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private Optional<String> scalar(Node value, String where) {
        if (value instanceof ScalarNode scalar) {
            return Optional.of(scalar.getValue());
        }
        problems.add(value, where, "is not a plain value", "text or a number");
        return Optional.empty();
    }

    private static List<Node> items(Node value) {
        return value instanceof SequenceNode sequence ? sequence.getValue() : List.of(value);
    }

    private static boolean isNull(Node node) {
        return Tag.NULL.equals(node.getTag());
    }

    @Override
    public String toString() {
        return path + values.keySet().stream().collect(Collectors.joining(", ", "{", "}"));
    }
}
