package org.datman.qc.header;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.datman.contracts.event.QcComplete.HeaderDifference;
import org.datman.contracts.study.HeaderRules;
import org.datman.contracts.study.Severity;
import org.datman.contracts.study.Tolerance;
import org.datman.header.FieldTable;
import org.datman.header.HeaderComparison;
import org.datman.header.HeaderComparison.Outcome;
import org.datman.header.ParameterRecord;
import org.datman.header.SidecarRecords;
import org.datman.header.Value;
import org.jspecify.annotations.Nullable;

/**
 * What differs between a sidecar and its standard, as the events report it: dcm2niix's field names, its units, and the study's own
 * tolerances and severities before those of the table of fields.
 */
final class HeaderDifferences {

    private HeaderDifferences() {}

    /** Everything in which the series differs from the standard, by field name. */
    static List<HeaderDifference> of(
            Standard standard, Map<String, JsonNode> series, @Nullable ParameterRecord dicom, HeaderRules rules) {
        ParameterRecord expected = together(standard.fields(), standard.dicom());
        ParameterRecord actual = together(series, dicom);
        List<HeaderDifference> differences = new ArrayList<>();
        for (HeaderComparison.Row row : HeaderComparison.compare(expected, actual, rules(rules, !standard.whole()))) {
            boolean namedByStudy = !standard.whole() && !expected.parameters().containsKey(row.name());
            // What the standard's source cannot contain is no difference.
            boolean relevant = row.outcome() != Outcome.NOT_COMPARABLE || row.expected() != null;
            if (relevant && !row.outcome().compliant() && !namedByStudy) {
                differences.add(difference(row, rules));
            }
        }
        if (!standard.whole()) {
            differences.addAll(named(standard, expected, series, rules));
        }
        differences.sort(Comparator.comparing(HeaderDifference::field));
        return differences;
    }

    static ParameterRecord together(Map<String, JsonNode> sidecar, @Nullable ParameterRecord dicom) {
        ParameterRecord header = SidecarRecords.of(sidecar);
        return dicom == null ? header : header.merge(dicom);
    }

    /** Fields that the table does not list but the study file names itself: it requests their comparison. */
    private static List<HeaderDifference> named(
            Standard standard, ParameterRecord known, Map<String, JsonNode> series, HeaderRules rules) {
        List<HeaderDifference> differences = new ArrayList<>();
        new TreeMap<>(standard.fields()).forEach((field, node) -> {
            if (known.parameters().containsKey(field) || rules.ignored().contains(field)) {
                return;
            }
            Value expected = SidecarRecords.plain(node);
            Optional<Value> actual = Optional.ofNullable(series.get(field)).map(SidecarRecords::plain);
            Optional<Tolerance> tolerance =
                    Optional.ofNullable(rules.tolerances().get(field));
            boolean agrees = actual.isPresent()
                    && org.datman.header.Comparator.VECTOR
                            .judge(expected, actual.get(), tolerance.orElse(Tolerance.NONE))
                            .agrees();
            if (!agrees) {
                differences.add(new HeaderDifference(
                        field,
                        Optional.of(expected.text()),
                        actual.map(Value::text),
                        tolerance.map(t -> Value.text(t, 1)),
                        severity(rules, field, Severity.WARN).key()));
            }
        });
        return differences;
    }

    private static HeaderDifference difference(HeaderComparison.Row row, HeaderRules rules) {
        double factor = factor(row.name());
        return new HeaderDifference(
                row.name(),
                Optional.ofNullable(row.expected())
                        .map(parameter -> parameter.value().text(factor)),
                Optional.ofNullable(row.actual())
                        .map(parameter -> parameter.value().text(factor)),
                Optional.of(row.tolerance())
                        .filter(tolerance -> !tolerance.equals(Tolerance.NONE))
                        .map(tolerance -> Value.text(tolerance, factor)),
                severity(rules, row.name(), row.severity()).key());
    }

    private static HeaderComparison.Rules rules(HeaderRules rules, boolean onlyExpected) {
        Map<String, Tolerance> tolerances = new HashMap<>();
        rules.tolerances().forEach((field, tolerance) -> tolerances.put(field, tolerance.times(factor(field))));
        return new HeaderComparison.Rules(rules.ignored(), tolerances, Map.of(), onlyExpected);
    }

    /** From the sidecar's unit to the record's. */
    private static double factor(String field) {
        return FieldTable.field(field)
                .map(known -> known.sidecarFactor().orElse(1))
                .orElse(1.0);
    }

    /** The study's severity, else the field table's. */
    private static Severity severity(HeaderRules rules, String field, Severity preset) {
        return rules.severities().getOrDefault(field, preset);
    }
}
