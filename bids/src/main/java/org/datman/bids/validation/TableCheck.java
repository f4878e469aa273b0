package org.datman.bids.validation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.datman.bids.expression.Absent;
import org.datman.bids.expression.JsonValues;
import org.datman.bids.expression.Patterns;
import org.datman.bids.schema.Rule;
import org.jspecify.annotations.Nullable;

/** Whether a table has the columns of a rule, in its order, with values of their kind. */
final class TableCheck {

    /** The beginning of a text that ECMAScript's parseFloat reads. */
    private static final Pattern NUMBER = Pattern.compile("\\s*([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)");

    private static final Pattern PROBABLY_MISSING = Pattern.compile("\\s*(NA|na|nan|NaN|n/a)\\s*");

    /** What values of a column must be: of one of the formats, among the levels, within the limits; null for any level, for no limit. */
    private record Kind(
            List<String> formats,
            String pattern,
            String units,
            @Nullable List<String> levels,
            @Nullable Double least,
            @Nullable Double most) {}

    private final Rule rule;
    private final Rule.Table table;
    private final FileContext context;

    private TableCheck(Rule rule, Rule.Table table, FileContext context) {
        this.rule = rule;
        this.table = table;
        this.context = context;
    }

    static void check(Rule rule, Rule.Table table, FileContext context) {
        if (context.extension().equals(".tsv") || context.extension().equals(".tsv.gz")) {
            TableCheck check = new TableCheck(rule, table, context);
            check.columns();
            check.order();
            check.index();
        }
    }

    private void columns() {
        Set<String> names = new LinkedHashSet<>(table.columns().keySet());
        names.addAll(context.table().keySet());
        for (String name : names) {
            Rule.Column column = table.columns().get(name);
            Map<String, Object> described = described(name);
            Optional<Kind> kind = column == null
                    ? additional(name, described)
                    : context.table().containsKey(name)
                            ? Optional.of(kind(name, column.definition(), described))
                            : absent(name, column);
            kind.ifPresent(each -> values(name, each));
        }
    }

    /** What the sidecar says of a column. */
    private @Nullable Map<String, Object> described(String name) {
        Object value = context.metadata().get(name);
        return value == null || value == Absent.NULL || value == Boolean.FALSE || value.equals("")
                ? null
                : JsonValues.object(value);
    }

    private Optional<Kind> additional(String name, @Nullable Map<String, Object> described) {
        boolean forbidden = table.additional().equals("not_allowed");
        if (!forbidden && described != null) {
            return Optional.of(fromSidecar(described));
        }
        report(
                forbidden
                        ? Code.TSV_ADDITIONAL_COLUMNS_NOT_ALLOWED
                        : table.additional().equals("allowed_if_defined")
                                ? Code.TSV_ADDITIONAL_COLUMNS_MUST_DEFINE
                                : Code.TSV_ADDITIONAL_COLUMNS_UNDEFINED,
                name,
                0,
                "");
        return Optional.empty();
    }

    private Optional<Kind> absent(String name, Rule.Column column) {
        if (column.level().equals("required") && !table.initial().contains(name)) {
            report(Code.TSV_COLUMN_MISSING, name, 0, "");
        }
        return Optional.empty();
    }

    private void report(Code code, String column, int line, String detail) {
        context.report(code.at(context.path(), column, rule.path(), line, detail));
    }

    /** What the standard says of a column, or the sidecar where the standard leaves it to it, or both where they agree. */
    private Kind kind(String name, Map<String, Object> definition, @Nullable Map<String, Object> described) {
        if (definition.containsKey("definition")) {
            return fromSidecar(described == null ? JsonValues.object(definition, "definition") : described);
        }
        Kind standard = fromSchema(definition);
        if (described == null) {
            return standard;
        }
        Kind own = fromSidecar(described);
        Optional<String> conflict = conflict(standard, own);
        if (conflict.isPresent()) {
            context.report(
                    Code.TSV_COLUMN_TYPE_REDEFINED.at(context.sidecarOf(name), name, rule.path(), 0, conflict.get()));
            return standard;
        }
        return new Kind(
                own.formats(),
                standard.pattern(),
                own.units(),
                own.levels() == null ? standard.levels() : own.levels(),
                own.least() == null ? standard.least() : own.least(),
                own.most() == null ? standard.most() : own.most());
    }

    private static Kind fromSchema(Map<String, Object> definition) {
        return new Kind(
                formats(definition),
                JsonValues.text(definition, "pattern"),
                JsonValues.text(definition, "unit"),
                definition.containsKey("enum") ? JsonValues.texts(definition, "enum") : null,
                number(definition, "minimum"),
                number(definition, "maximum"));
    }

    private static List<String> formats(Map<String, Object> definition) {
        List<String> formats = new ArrayList<>();
        if (definition.get("anyOf") instanceof List<?> choices) {
            choices.forEach(choice -> formats.addAll(formats(JsonValues.object(choice))));
        } else {
            String format = JsonValues.text(definition, "format");
            String type = JsonValues.text(definition, "type");
            formats.add(!format.isEmpty() ? format : type.isEmpty() ? "string" : type);
        }
        return formats;
    }

    private static Kind fromSidecar(Map<String, Object> definition) {
        String format = JsonValues.text(definition, "Format");
        String units = JsonValues.text(definition, "Units");
        return new Kind(
                List.of(!format.isEmpty() ? format : units.isEmpty() ? "string" : "number"),
                "",
                units,
                definition.get("Levels") instanceof Map<?, ?>
                        ? List.copyOf(JsonValues.object(definition, "Levels").keySet())
                        : null,
                number(definition, "Minimum"),
                number(definition, "Maximum"));
    }

    private static @Nullable Double number(Map<String, Object> definition, String key) {
        return definition.get(key) instanceof Double number ? number : null;
    }

    /** Where a sidecar contradicts the standard instead of narrowing it. */
    private static Optional<String> conflict(Kind standard, Kind own) {
        String format = own.formats().get(0);
        if (standard.formats().stream().noneMatch(each -> type(each).equals(type(format)))) {
            return Optional.of("the format " + format + " instead of " + String.join(" or ", standard.formats()));
        }
        if (standard.levels() != null
                && own.levels() != null
                && !standard.levels().containsAll(own.levels())) {
            return Optional.of("levels that the standard does not have: " + own.levels());
        }
        if (!standard.units().isEmpty()
                && !own.units().isEmpty()
                && !own.units().equals(standard.units())) {
            return Optional.of("the unit " + own.units() + " instead of " + standard.units());
        }
        if (standard.least() != null && own.least() != null && own.least() < standard.least()) {
            return Optional.of("a minimum below " + standard.least());
        }
        if (standard.most() != null && own.most() != null && own.most() > standard.most()) {
            return Optional.of("a maximum above " + standard.most());
        }
        return Optional.empty();
    }

    private static String type(String format) {
        return switch (format) {
            case "integer", "number" -> "number";
            case "boolean" -> "boolean";
            default -> "string";
        };
    }

    private void values(String name, Kind kind) {
        if (kind.pattern().isEmpty()
                && kind.formats().get(0).equals("string")
                && kind.levels() == null
                && kind.least() == null
                && kind.most() == null) {
            return;
        }
        Map<String, String> formats = context.dataset().schema().formats();
        // A format that the standard does not know allows everything. Of several formats the official validator ties
        // only the first to
        // the beginning and the last to the end.
        Pattern pattern = Patterns.of("^"
                + (kind.pattern().isEmpty()
                        ? kind.formats().stream()
                                .map(format -> formats.getOrDefault(format, ".*"))
                                .collect(Collectors.joining("|"))
                        : kind.pattern())
                + "\\z");
        List<Object> column = context.table().getOrDefault(name, List.of());
        boolean oldAge = false;
        for (int row = 0; row < column.size(); row++) {
            String value = (String) column.get(row);
            if (value.equals("n/a") || fits(value, pattern, kind)) {
                continue;
            }
            if (name.equals("age") && value.equals("89+")) {
                if (!oldAge) {
                    context.report(Code.TSV_PSEUDO_AGE_DEPRECATED.at(context.path(), "", "", row + 2, ""));
                }
                oldAge = true;
                continue;
            }
            report(
                    Code.TSV_VALUE_INCORRECT_TYPE,
                    name,
                    row + 2,
                    "'" + value + "'" + (PROBABLY_MISSING.matcher(value).matches() ? ", perhaps n/a is meant" : ""));
            return;
        }
    }

    private static boolean fits(String value, Pattern pattern, Kind kind) {
        if (!pattern.matcher(value).find()
                || kind.levels() != null && !kind.levels().contains(value)) {
            return false;
        }
        if (kind.least() == null && kind.most() == null) {
            return true;
        }
        Matcher number = NUMBER.matcher(value);
        double read = number.lookingAt() ? Double.parseDouble(number.group(1)) : Double.NaN;
        return read >= Objects.requireNonNullElse(kind.least(), Double.NEGATIVE_INFINITY)
                && read <= Objects.requireNonNullElse(kind.most(), Double.POSITIVE_INFINITY);
    }

    private void order() {
        List<String> headers = List.copyOf(context.table().keySet());
        List<String> wanted = table.initial().stream()
                .filter(name -> headers.contains(name)
                        || table.columns().containsKey(name)
                                && table.columns().get(name).level().equals("required"))
                .toList();
        for (int place = 0; place < wanted.size(); place++) {
            String name = wanted.get(place);
            int found = headers.indexOf(name);
            if (found < 0) {
                report(Code.TSV_COLUMN_MISSING, name, 0, "it must be column " + (place + 1));
            } else if (found != place) {
                report(Code.TSV_COLUMN_ORDER_INCORRECT, name, 0, "it must be column " + (place + 1));
            }
        }
    }

    private void index() {
        List<List<Object>> columns = table.index().stream()
                .filter(context.table()::containsKey)
                .map(name -> context.table().get(name))
                .toList();
        Set<String> seen = new HashSet<>();
        for (int row = 0; !columns.isEmpty() && row < columns.get(0).size(); row++) {
            StringBuilder key = new StringBuilder();
            for (List<Object> column : columns) {
                key.append(column.get(row));
            }
            if (!seen.add(key.toString())) {
                context.report(
                        Code.TSV_INDEX_VALUE_NOT_UNIQUE.at(context.path(), "", rule.path(), row + 2, key.toString()));
            }
        }
    }
}
