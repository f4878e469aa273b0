package org.datman.header;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.datman.contracts.study.Severity;
import org.datman.contracts.study.Tolerance;

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
     * @param expected the standard's parameter
     * @param actual the series' parameter
     * @param delta what differs, for people
     * @param tolerance what was allowed, in the record's unit; empty if nothing
     * @param severity how much it matters; {@link Severity#NOTE} for what cannot be compared
     */
    public record Row(
            String name,
            Outcome outcome,
            Optional<Parameter> expected,
            Optional<Parameter> actual,
            String delta,
            Optional<Tolerance> tolerance,
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
            Optional<Parameter> gold = Optional.ofNullable(expected.parameters().get(field.name()));
            Optional<Parameter> own = Optional.ofNullable(actual.parameters().get(field.name()));
            boolean relevant = gold.isPresent() || own.isPresent() && !rules.onlyExpected();
            if (relevant && !rules.ignored().contains(field.name())) {
                rows.add(row(field, gold, own, expected, actual, rules));
            }
        }
        if (expected.origins().contains(Origin.SIDECAR) && actual.origins().contains(Origin.SIDECAR)) {
            rows.addAll(withheld(expected, actual, rules));
        }
        return rows;
    }

    private static Row row(
            Field field,
            Optional<Parameter> gold,
            Optional<Parameter> own,
            ParameterRecord expected,
            ParameterRecord actual,
            Rules rules) {
        Severity severity = rules.severities().getOrDefault(field.name(), field.severity());
        Tolerance tolerance = rules.tolerances().getOrDefault(field.name(), field.tolerance());
        Optional<Tolerance> shown = Optional.of(tolerance).filter(a -> !a.equals(Tolerance.NONE));
        if (gold.isPresent() && own.isPresent()) {
            Comparator.Judgement judgement =
                    field.compare().judge(gold.get().value(), own.get().value(), tolerance);
            Outcome outcome =
                    judgement.exact() ? Outcome.MATCH : judgement.agrees() ? Outcome.TOLERATED : Outcome.MISMATCH;
            return new Row(field.name(), outcome, gold, own, judgement.delta(), shown, severity);
        }
        boolean knowable = rules.onlyExpected() || field.knowableIn(gold.isPresent() ? actual : expected);
        if (!knowable) {
            return new Row(
                    field.name(),
                    Outcome.NOT_COMPARABLE,
                    gold,
                    own,
                    "only one side's source can have it",
                    shown,
                    Severity.NOTE);
        }
        Outcome outcome = gold.isPresent() ? Outcome.ABSENT_ACTUAL : Outcome.ABSENT_GOLD;
        String words = gold.isPresent() ? "the series does not have it" : "the standard does not have it";
        return new Row(field.name(), outcome, gold, own, words, shown, severity);
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
                    Optional.empty(),
                    rules.severities().getOrDefault(name, Severity.WARN)));
        }
        return rows;
    }

    private static Optional<Parameter> hidden(String digest) {
        return Optional.ofNullable(digest)
                .map(d -> new Parameter(Value.of("(not shown, " + d + ")"), java.util.List.of("JSON")));
    }
}
