package org.datman.bids.schema;

import static org.datman.bids.expression.JsonValues.object;
import static org.datman.bids.expression.JsonValues.text;
import static org.datman.bids.expression.JsonValues.texts;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.datman.bids.expression.Absent;
import org.datman.bids.expression.Expression;
import org.datman.bids.expression.JsonValues;
import org.jspecify.annotations.Nullable;

/** Reads the schema from its JSON: dereferenced, as its authors publish it. */
public final class SchemaReader {

    private static final String BUNDLED = "schema.json";

    /** Keys of a rule that are evaluated, or that need no evaluation. */
    private static final Set<String> KNOWN = Set.of(
            "selectors",
            "checks",
            "issue",
            "fields",
            "columns",
            "initial_columns",
            "index_columns",
            "additional_columns",
            "path",
            "stem",
            "suffixes",
            "extensions",
            "datatypes",
            "entities",
            "level",
            "code",
            "message");

    private static final String DERIVATIVES = "dataset.dataset_description.DatasetType == \"derivative\"";

    /** The one form of a condition on a level that is meant for machines: {@code required if `A` is `b`}. */
    private static final Pattern CONDITION = Pattern.compile("(required|recommended) if `(\\w+)` is `(\\w+)`");

    private final Map<String, Object> whole;
    private final Map<String, Object> objects;
    private final Map<String, Object> rules;
    private final Map<String, Expression> expressions = new HashMap<>();
    private final Map<String, Integer> unknown = new TreeMap<>();
    private final Map<String, String> formats = new LinkedHashMap<>();
    private final Map<String, String> shortNames = new LinkedHashMap<>();

    private SchemaReader(Map<String, Object> whole) {
        this.whole = whole;
        objects = object(whole, "objects");
        rules = object(whole, "rules");
        object(objects, "formats").forEach((name, format) -> formats.put(name, text(object(format), "pattern")));
        object(objects, "entities").forEach((key, entity) -> shortNames.put(key, text(object(entity), "name")));
    }

    /**
     * Reads a schema.
     *
     * @throws IllegalArgumentException if it is no BIDS schema, or one with an expression that cannot be parsed
     */
    public static BidsSchema read(InputStream json) throws IOException {
        Map<String, Object> whole = object(JsonValues.of(new ObjectMapper().readTree(json)));
        if (!whole.keySet().containsAll(Set.of("objects", "rules", "meta", "schema_version"))) {
            throw new IllegalArgumentException("a BIDS schema has the parts objects, rules, meta and schema_version");
        }
        return new SchemaReader(whole).schema();
    }

    static BidsSchema readBundled() {
        try (InputStream json = SchemaReader.class.getResourceAsStream(BUNDLED)) {
            if (json == null) {
                throw new IllegalStateException(BUNDLED + " is missing in the jar");
            }
            return read(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BidsSchema schema() {
        List<Rule> contentRules = new ArrayList<>();
        collectRules(rules, "rules", contentRules);
        List<FileRule> fileRules = new ArrayList<>();
        List<FileRule> derivativeFileRules = new ArrayList<>();
        object(rules, "files")
                .forEach((group, node) -> collectFileRules(
                        object(node), "rules.files." + group, group.equals("deriv") ? derivativeFileRules : fileRules));
        return new BidsSchema(
                text(whole, "schema_version"),
                text(whole, "bids_version"),
                whole,
                List.copyOf(contentRules),
                List.copyOf(fileRules),
                List.copyOf(derivativeFileRules),
                directoryRules(),
                entities(),
                Set.copyOf(object(objects, "datatypes").keySet()),
                modalities(),
                formats,
                object(objects, "extensions").values().stream()
                        .map(extension -> text(object(extension), "value"))
                        .collect(Collectors.toUnmodifiableSet()),
                associations(),
                unknown);
    }

    private void collectRules(Map<String, Object> node, String path, List<Rule> found) {
        node.forEach((key, value) -> {
            Map<String, Object> child = object(value);
            String childPath = path + "." + key;
            if (!child.containsKey("selectors")) {
                collectRules(child, childPath, found);
                return;
            }
            child.keySet().stream()
                    .filter(part -> !KNOWN.contains(part))
                    .forEach(part -> unknown.merge(part, 1, Integer::sum));
            if (child.containsKey("checks") || child.containsKey("fields") || child.containsKey("columns")) {
                found.add(rule(child, childPath));
            }
        });
    }

    private Rule rule(Map<String, Object> node, String path) {
        List<Rule.Field> fields = new ArrayList<>();
        object(node, "fields").forEach((key, requirement) -> fields.add(field(key, requirement)));
        return new Rule(
                path,
                expressions(node, "selectors"),
                expressions(node, "checks"),
                issue(node),
                List.copyOf(fields),
                node.containsKey("columns") ? table(node) : null,
                texts(node, "selectors").contains(DERIVATIVES));
    }

    private List<Expression> expressions(Map<String, Object> node, String key) {
        return texts(node, key).stream()
                .map(source -> expressions.computeIfAbsent(source, Expression::parse))
                .toList();
    }

    private static Rule.@Nullable Issue issue(Map<String, Object> node) {
        Map<String, Object> issue = object(node, "issue");
        return text(issue, "code").isEmpty() || text(issue, "message").isEmpty()
                ? null
                : new Rule.Issue(text(issue, "code"), text(issue, "message"), text(issue, "level"));
    }

    private Rule.Field field(String key, Object requirement) {
        Map<String, Object> definition = object(object(objects, "metadata"), key);
        Map<String, Object> details = object(requirement);
        Matcher condition = CONDITION.matcher(text(details, "level_addendum"));
        return new Rule.Field(
                text(definition, "name"),
                requirement instanceof String level ? level : text(details, "level"),
                condition.find()
                        ? new Rule.Condition(condition.group(1), condition.group(2), condition.group(3))
                        : null,
                issue(details),
                definition);
    }

    private Rule.Table table(Map<String, Object> node) {
        Map<String, Rule.Column> columns = new LinkedHashMap<>();
        object(node, "columns")
                .forEach((key, requirement) -> columns.put(
                        columnName(key),
                        new Rule.Column(
                                requirement instanceof String level ? level : text(object(requirement), "level"),
                                object(object(objects, "columns"), key))));
        return new Rule.Table(
                columns,
                texts(node, "initial_columns").stream().map(this::columnName).toList(),
                texts(node, "index_columns").stream().map(this::columnName).toList(),
                node.getOrDefault("additional_columns", "n/a") instanceof String level ? level : "n/a");
    }

    private String columnName(String key) {
        return text(object(object(objects, "columns"), key), "name");
    }

    private void collectFileRules(Map<String, Object> node, String path, List<FileRule> found) {
        if (!node.containsKey("path") && !node.containsKey("stem") && !node.containsKey("suffixes")) {
            node.forEach((key, child) -> collectFileRules(object(child), path + "." + key, found));
            return;
        }
        Map<String, Boolean> entities = null;
        if (node.containsKey("entities")) {
            Map<String, Boolean> required = new LinkedHashMap<>();
            object(node, "entities")
                    .forEach((key, level) -> required.put(shortNames.getOrDefault(key, ""), "required".equals(level)));
            entities = required;
        }
        String stem = textOrNull(node, "stem");
        found.add(new FileRule(
                path,
                textOrNull(node, "path"),
                stem == null ? null : stemPattern(stem),
                texts(node, "suffixes"),
                texts(node, "extensions"),
                texts(node, "datatypes"),
                entities));
    }

    private static @Nullable String textOrNull(Map<String, Object> node, String key) {
        String text = text(node, key);
        return text.isEmpty() ? null : text;
    }

    private static Pattern stemPattern(String stem) {
        return Pattern.compile(stem.equals("*") ? "[^/]*" : Pattern.quote(stem).replace("*", "\\E[^/]*\\Q"));
    }

    private Map<String, List<DirectoryRule>> directoryRules() {
        Map<String, List<DirectoryRule>> byType = new HashMap<>();
        object(rules, "directories").forEach((type, node) -> {
            List<DirectoryRule> found = new ArrayList<>();
            object(node).forEach((key, value) -> {
                Map<String, Object> rule = object(value);
                Set<String> names = new LinkedHashSet<>(texts(rule, "name"));
                texts(rule, "value")
                        .forEach(
                                kind -> names.addAll(object(objects, kind + "s").keySet()));
                String entity = shortNames.getOrDefault(text(rule, "entity"), "");
                found.add(new DirectoryRule(
                        "rules.directories." + type + "." + key,
                        names,
                        entity.isEmpty() ? "" : entity + "-",
                        Boolean.TRUE.equals(rule.get("opaque"))));
            });
            byType.put(type, found);
        });
        return byType;
    }

    private Map<String, Pattern> entities() {
        Map<String, Pattern> patterns = new LinkedHashMap<>();
        texts(rules, "entities").forEach(key -> {
            String format = text(object(object(objects, "entities"), key), "format");
            patterns.put(shortNames.getOrDefault(key, key), Pattern.compile(formats.getOrDefault(format, ".*")));
        });
        return patterns;
    }

    private Map<String, String> modalities() {
        Map<String, String> byDatatype = new HashMap<>();
        object(rules, "modalities").forEach((modality, node) -> texts(object(node), "datatypes")
                .forEach(datatype -> byDatatype.put(datatype, modality)));
        return byDatatype;
    }

    private List<Association> associations() {
        List<Association> found = new ArrayList<>();
        object(object(whole, "meta"), "associations").forEach((name, value) -> {
            Map<String, Object> node = object(value);
            Map<String, Object> target = object(node, "target");
            found.add(new Association(
                    name,
                    expressions(node, "selectors"),
                    textOrNull(target, "suffix"),
                    texts(target, "extension"),
                    texts(target, "entities"),
                    node.getOrDefault("inherit", Absent.UNDEFINED) != Boolean.FALSE));
        });
        return found;
    }
}
