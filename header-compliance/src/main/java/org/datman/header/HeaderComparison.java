package org.datman.header;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.datman.contracts.study.Severity;
import org.datman.contracts.study.Tolerance;
import org.jspecify.annotations.Nullable;

/** Compares the record of a series with a standard's, field by field in the order of the table. */
public final class HeaderComparison {

    private HeaderComparison() {}

    /** Result of comparing one field. */
    public enum Outcome {
        /** Equal but for float noise. */
        MATCH,
        /** Different within the tolerance. */
        TOLERATED,
        /** Different. */
        MISMATCH,
        /** Only the standard has it. */
        ABSENT_ACTUAL,
        /** Only the series has it. */
        ABSENT_GOLD,
        /** One side comes from a source that never has this field, such as a sidecar or an enhanced object. */
        NOT_COMPARABLE;

        /** Whether the field is as it should be. Absent is not. */
        public boolean compliant() {
            return this == MATCH || this == TOLERATED;
        }
    }

    /**
     * One compared field. Values of fields that the table does not list are withheld: it may be anything.
     *
     * @param name the field
     * @param outcome result of the comparison
     * @param expected the standard's parameter; null where it lacks the field
     * @param actual the series' parameter; null where it lacks the field
     * @param delta what differs, for people
     * @param tolerance what was allowed, in the record's unit
     * @param severity how much it matters; {@link Severity#NOTE} for what cannot be compared
     */
    public record Row(
            String name,
            Outcome outcome,
            @Nullable Parameter expected,
            @Nullable Parameter actual,
            String delta,
            Tolerance tolerance,
            Severity severity) {

        /** Whether this makes the headers differ. */
        public boolean matters() {
            return !outcome.compliant() && severity.matters();
        }
    }

    /**
     * A study's exceptions from the table.
     *
     * @param ignored fields that are not compared
     * @param tolerances in the record's unit
     * @param severities by field
     * @param onlyExpected whether the standard is a list of requirements, so that fields that only the series has are ignored, and fields that
     *     the series lacks are missing whatever it was read from
     */
    public record Rules(
            Set<String> ignored,
            Map<String, Tolerance> tolerances,
            Map<String, Severity> severities,
            boolean onlyExpected) {
        /** The table as it is. */
        public static final Rules TABLE = new Rules(Set.of(), Map.of(), Map.of(), false);

        public Rules {
            ignored = Set.copyOf(ignored);
            tolerances = Map.copyOf(tolerances);
            severities = Map.copyOf(severities);
        }
    }

    /** Compares all fields that either side has, but for the ignored. */
    public static List<Row> compare(ParameterRecord expected, ParameterRecord actual, Rules rules) {
        List<Row> rows = new ArrayList<>();
        for (Field field : FieldTable.all()) {
            boolean relevant = expected.parameters().containsKey(field.name())
                    || actual.parameters().containsKey(field.name()) && !rules.onlyExpected();
            if (relevant && !rules.ignored().contains(field.name())) {
                rows.add(row(field, expected, actual, rules));
            }
        }
        if (expected.origins().contains(Origin.SIDECAR) && actual.origins().contains(Origin.SIDECAR)) {
            rows.addAll(withheld(expected, actual, rules));
        }
        return rows;
    }

    private static Row row(Field field, ParameterRecord expected, ParameterRecord actual, Rules rules) {
        Parameter gold = expected.parameters().get(field.name());
        Parameter own = actual.parameters().get(field.name());
        Severity severity = rules.severities().getOrDefault(field.name(), field.severity());
        Tolerance tolerance = rules.tolerances().getOrDefault(field.name(), field.tolerance());
        if (gold != null && own != null) {
            Comparator.Judgement judgement = field.compare().judge(gold.value(), own.value(), tolerance);
            Outcome outcome =
                    judgement.exact() ? Outcome.MATCH : judgement.agrees() ? Outcome.TOLERATED : Outcome.MISMATCH;
            return new Row(field.name(), outcome, gold, own, judgement.delta(), tolerance, severity);
        }
        boolean knowable = rules.onlyExpected() || field.knowableIn(gold != null ? actual : expected);
        if (!knowable) {
            return new Row(
                    field.name(),
                    Outcome.NOT_COMPARABLE,
                    gold,
                    own,
                    "only one side's source can have it",
                    tolerance,
                    Severity.NOTE);
        }
        Outcome outcome = gold != null ? Outcome.ABSENT_ACTUAL : Outcome.ABSENT_GOLD;
        String words = gold != null ? "the series does not have it" : "the standard does not have it";
        return new Row(field.name(), outcome, gold, own, words, tolerance, severity);
    }

    /** Fields that the table does not list: their difference is reported, their values are not. */
    private static List<Row> withheld(ParameterRecord expected, ParameterRecord actual, Rules rules) {
        List<Row> rows = new ArrayList<>();
        Set<String> names = new TreeSet<>(expected.withheld().keySet());
        if (!rules.onlyExpected()) {
            names.addAll(actual.withheld().keySet());
        }
        names.removeAll(rules.ignored());
        for (String name : names) {
            String gold = expected.withheld().get(name);
            String own = actual.withheld().get(name);
            Outcome outcome = gold == null
                    ? Outcome.ABSENT_GOLD
                    : own == null ? Outcome.ABSENT_ACTUAL : gold.equals(own) ? Outcome.MATCH : Outcome.MISMATCH;
            rows.add(new Row(
                    name,
                    outcome,
                    hidden(gold),
                    hidden(own),
                    outcome == Outcome.MATCH ? "" : "not a field that DATMAN knows; its values are not shown",
                    Tolerance.NONE,
                    rules.severities().getOrDefault(name, Severity.WARN)));
        }
        return rows;
    }

    private static @Nullable Parameter hidden(@Nullable String digest) {
        return digest == null ? null : new Parameter(Value.of("(not shown, " + digest + ")"), List.of("JSON"));
    }
}
