package org.datman.contracts.tree;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
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
import org.datman.contracts.tree.TreeNode.Entry;
import org.datman.contracts.tree.TreeNode.Kind;
import org.datman.contracts.tree.TreeNode.Mapping;
import org.datman.contracts.tree.TreeNode.Scalar;
import org.datman.contracts.tree.TreeNode.Sequence;

/**
 * One mapping of a file, read key by key. A value of the wrong kind is recorded with its place and read as absent, so that
 * one pass finds all faults; {@link #done()} records the keys that no code read.
 */
public final class Section {

    private static final int LONGEST_PATTERN = 500;
    private static final int SHOWN = 60;
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(s|m|h|d)");

    private final TreeNode node;
    private final String path;
    private final Faults problems;
    private final boolean typed;
    private final Map<String, TreeNode> values = new LinkedHashMap<>();
    private final Map<String, TreeNode> keys = new LinkedHashMap<>();
    private final Set<String> requested = new LinkedHashSet<>();

    /** A mapping of YAML, where {@code 5} may be meant as text and one value as a list of one. */
    public Section(TreeNode node, String path, Faults problems) {
        this(node, path, problems, false);
    }

    /**
     * A mapping.
     *
     * @param path path of its key; empty for the file as a whole
     * @param typed whether values have types, as in JSON: text is not a number, and one value is not a list
     */
    public Section(TreeNode node, String path, Faults problems, boolean typed) {
        this.typed = typed;
        this.node = node;
        this.path = path;
        this.problems = problems;
        if (node instanceof Mapping mapping) {
            mapping.entries().forEach(this::add);
        } else if (!node.isNull()) {
            problems.add(node.place(), path, "is not a mapping", typed ? "{…}" : "indented lines of 'Key: value'");
        }
    }

    private void add(Entry tuple) {
        TreeNode key = tuple.key();
        if (!(key instanceof Scalar scalar)) {
            problems.add(key.place(), path, "has a key that is not a word", "'Key: value'");
            return;
        }
        TreeNode first = keys.putIfAbsent(scalar.text(), key);
        if (first == null) {
            values.put(scalar.text(), tuple.value());
        } else {
            problems.add(
                    key.place(),
                    at(scalar.text()),
                    "is given twice (first in line " + first.place().line() + ")",
                    "each key once");
        }
    }

    public Set<String> names() {
        return values.keySet();
    }

    public boolean has(String key) {
        return value(key).isPresent();
    }

    /** Records a fault at a key's value, or at the key itself, or at the section when the key is absent. */
    public void fault(String key, String problem, String allowed) {
        TreeNode where = values.getOrDefault(key, node);
        problems.add(where.place(), at(key), problem, allowed);
    }

    public void fault(String problem, String allowed) {
        problems.add(node.place(), path, problem, allowed);
    }

    public Optional<String> text(String key) {
        return value(key).filter(v -> !typed || is(key, v, Kind.TEXT, "text")).flatMap(v -> scalar(v, at(key)));
    }

    private boolean is(String key, TreeNode value, Kind kind, String allowed) {
        boolean right = value instanceof Scalar scalar && scalar.kind() == kind;
        if (!right) {
            wrong(key, value, allowed);
        }
        return right;
    }

    private void wrong(String key, TreeNode value, String allowed) {
        String shown = value.toJson().toString();
        fault(key, "is " + (shown.length() > SHOWN ? shown.substring(0, SHOWN) + "…" : shown), allowed);
    }

    public String text(String key, String otherwise) {
        return text(key).orElse(otherwise);
    }

    /** The text of a required key; empty text, with the fault recorded, when it is missing. */
    public String required(String key, String allowed) {
        Optional<String> text = text(key);
        if (text.isEmpty() && !has(key)) {
            fault(key, "is missing", allowed);
        }
        return text.orElse("");
    }

    /** A text that the given function accepts; its {@link IllegalArgumentException} becomes the fault. */
    public <T> Optional<T> parsed(String key, Function<String, T> parse, String allowed) {
        return text(key).flatMap(text -> parsed(values.getOrDefault(key, node), key, text, parse, allowed));
    }

    /** A list of texts that the given function accepts, each with its own place; a single text is a list of one. */
    public <T> List<T> severalParsed(String key, Function<String, T> parse, String allowed) {
        return value(key)
                .map(v -> items(key, v, "a list").stream()
                        .flatMap(item ->
                                scalar(item, at(key)).flatMap(text -> parsed(item, key, text, parse, allowed)).stream())
                        .toList())
                .orElse(List.of());
    }

    private <T> Optional<T> parsed(TreeNode where, String key, String text, Function<String, T> parse, String allowed) {
        String problem;
        try {
            return Optional.of(parse.apply(text.strip()));
        } catch (NamingException e) {
            problem = e.problem();
        } catch (NumberFormatException | DateTimeParseException e) {
            problem = "'" + text + "' is not right";
        } catch (IllegalArgumentException e) {
            problem = "'" + text + "' " + e.getMessage();
        }
        problems.add(where.place(), at(key), problem, allowed);
        return Optional.empty();
    }

    public boolean bool(String key, boolean otherwise) {
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

    public <E extends Enum<E>> Optional<E> oneOf(String key, Class<E> type) {
        return oneOf(key, EnumSet.allOf(type));
    }

    public <E extends Enum<E>> Optional<E> oneOf(String key, Set<E> allowed) {
        return text(key).flatMap(text -> word(text, allowed, key));
    }

    public <E extends Enum<E>> List<E> severalOf(String key, Class<E> type) {
        return texts(key).stream()
                .flatMap(t -> word(t, EnumSet.allOf(type), key).stream())
                .toList();
    }

    private <E extends Enum<E>> Optional<E> word(String text, Set<E> constants, String key) {
        Optional<E> found =
                constants.stream().filter(c -> Words.key(c).equals(text)).findFirst();
        if (found.isEmpty()) {
            List<String> allowed = constants.stream().map(Words::key).toList();
            fault(key, "'" + text + "' is not known" + guess(text, allowed), String.join(", ", allowed));
        }
        return found;
    }

    public Optional<Integer> integer(String key, int least) {
        String allowed = "a whole number, " + least + " or more";
        Optional<Integer> number = parsed(key, Integer::valueOf, allowed);
        if (number.filter(n -> n < least).isPresent()) {
            fault(key, number.get() + " is too small", allowed);
            return Optional.empty();
        }
        return number;
    }

    /** One whole number, or a list of them; those that are wrong are left out, with the fault recorded. */
    public List<Integer> integers(String key, int least) {
        String allowed = "a whole number, " + least + " or more";
        List<Integer> numbers = new ArrayList<>();
        for (String text : texts(key)) {
            try {
                int number = Integer.parseInt(text.strip());
                if (number < least) {
                    fault(key, number + " is too small", allowed);
                } else {
                    numbers.add(number);
                }
            } catch (NumberFormatException e) {
                fault(key, "'" + text + "' is not right", allowed);
            }
        }
        return numbers;
    }

    public OptionalDouble number(String key) {
        Optional<Double> number = parsed(key, Double::valueOf, "a number");
        if (number.filter(n -> !Double.isFinite(n)).isPresent()) {
            fault(key, "is not finite", "a number");
            return OptionalDouble.empty();
        }
        return number.map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    public Optional<LocalDate> date(String key) {
        return parsed(key, LocalDate::parse, "a date as 2026-01-31");
    }

    /** A whole number with its unit: {@code 90s}, {@code 10m}, {@code 4h}, {@code 2d}. */
    public Optional<Duration> duration(String key) {
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

    /** A value that is true or false, where values have types; absent is false. */
    public boolean flag(String key) {
        return value(key)
                .filter(v -> is(key, v, Kind.BOOLEAN, "true, false"))
                .map(v -> v.toJson().booleanValue())
                .orElse(false);
    }

    /** A number, where values have types. */
    public Optional<BigDecimal> decimal(String key) {
        return value(key).filter(v -> is(key, v, Kind.NUMBER, "a number")).map(v -> v.toJson()
                .decimalValue());
    }

    /** Whole numbers of 0 or more in a list, where values have types. */
    public List<Integer> counts(String key) {
        String allowed = "a list of whole numbers, 0 or more";
        List<Integer> numbers = new ArrayList<>();
        for (TreeNode item : value(key).map(v -> items(key, v, allowed)).orElse(List.of())) {
            JsonNode number = item.toJson();
            if (number.isNumber()
                    && number.canConvertToExactIntegral()
                    && number.canConvertToInt()
                    && number.intValue() >= 0) {
                numbers.add(number.intValue());
            } else {
                wrong(key, item, allowed);
            }
        }
        return numbers;
    }

    /** A whole number of 0 or more, where values have types. */
    public Optional<Integer> count(String key) {
        return value(key)
                .filter(v -> {
                    JsonNode number = v.toJson();
                    boolean right = number.isNumber()
                            && number.canConvertToExactIntegral()
                            && number.canConvertToInt()
                            && number.intValue() >= 0;
                    if (!right) {
                        wrong(key, v, "a whole number, 0 or more");
                    }
                    return right;
                })
                .map(v -> v.toJson().intValue());
    }

    /** Keys that are right and have no effect. */
    public void informative(String... names) {
        requested.addAll(List.of(names));
    }

    /** A list of texts; a single text is a list of one. */
    public List<String> texts(String key) {
        return value(key)
                .map(v -> items(key, v, "a list").stream()
                        .flatMap(item -> scalar(item, at(key)).stream())
                        .toList())
                .orElse(List.of());
    }

    /** One or several regular expressions in RE2 syntax. */
    public List<Pattern> patterns(String key, int flags) {
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
    public Optional<Section> section(String key) {
        return value(key).map(v -> new Section(v, at(key), problems, typed));
    }

    /** A mapping of names to mappings, in the order of the file. */
    public Map<String, Section> sections(String key) {
        Optional<Section> whole = section(key);
        Map<String, Section> named = new LinkedHashMap<>();
        whole.ifPresent(w -> w.values.forEach((name, value) -> {
            w.requested.add(name);
            named.put(name, new Section(value, w.at(name), problems, typed));
        }));
        return named;
    }

    /** A list of mappings; a single mapping is a list of one. */
    public List<Section> list(String key) {
        List<Section> sections = new ArrayList<>();
        value(key).ifPresent(v -> {
            List<TreeNode> items = items(key, v, "a list of objects");
            for (int i = 0; i < items.size(); i++) {
                sections.add(new Section(items.get(i), at(key) + "[" + i + "]", problems, typed));
            }
        });
        return sections;
    }

    /** Whether the value is a mapping or a list, and not a plain text. */
    public boolean isStructured(String key) {
        return value(key).filter(v -> !(v instanceof Scalar)).isPresent();
    }

    /** Whether the value is of that kind, or a list with such a value in it. */
    public boolean holds(String key, Class<? extends TreeNode> kind) {
        return value(key)
                .filter(v -> kind.isInstance(v)
                        || (v instanceof Sequence list && list.items().stream().anyMatch(kind::isInstance)))
                .isPresent();
    }

    /** Whether the value is a mapping. */
    public boolean isMapping(String key) {
        return value(key).filter(v -> v instanceof Mapping).isPresent();
    }

    public Optional<TreeNode> value(String key) {
        requested.add(key);
        return Optional.ofNullable(values.get(key)).filter(v -> !v.isNull());
    }

    /** Records every key that no code read. */
    public void done() {
        keys.forEach((key, node) -> {
            if (!requested.contains(key)) {
                String problem = key.equals("<<")
                        ? "merging is not supported; write the keys out"
                        : "is not a known key" + guess(key, requested);
                problems.add(node.place(), at(key), problem, String.join(", ", requested));
            }
        });
    }

    public static String guess(String word, java.util.Collection<String> known) {
        return Words.nearest(word, known)
                .map(best -> " (did you mean " + best + "?)")
                .orElse("");
    }

    String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private Optional<String> scalar(TreeNode value, String where) {
        if (value instanceof Scalar scalar) {
            return Optional.of(scalar.text());
        }
        problems.add(value.place(), where, "is not a plain value", "text or a number");
        return Optional.empty();
    }

    private List<TreeNode> items(String key, TreeNode value, String allowed) {
        if (value instanceof Sequence sequence) {
            return sequence.items();
        }
        if (typed) {
            wrong(key, value, allowed);
            return List.of();
        }
        return List.of(value);
    }

    @Override
    public String toString() {
        return path + values.keySet().stream().collect(Collectors.joining(", ", "{", "}"));
    }
}
