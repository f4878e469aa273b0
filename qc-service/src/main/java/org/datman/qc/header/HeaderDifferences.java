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
import org.datman.metrics.header.Allowance;
import org.datman.metrics.header.FieldTable;
import org.datman.metrics.header.HeaderComparison;
import org.datman.metrics.header.ParameterRecord;
import org.datman.metrics.header.SidecarRecords;
import org.datman.metrics.header.Value;
import org.datman.metrics.header.Weight;

/**
 * What differs between a sidecar and its standard, as the events tell it: dcm2niix's field names, its units, and the study's own
 * tolerances and severities before those of the table of fields.
 */
final class HeaderDifferences {

    private HeaderDifferences() {}

    /** Everything in which the series differs from the standard, by field name. */
    static List<HeaderDifference> of(Standard standard, Map<String, JsonNode> series, HeaderRules rules) {
        ParameterRecord expected = SidecarRecords.of(standard.fields());
        ParameterRecord actual = SidecarRecords.of(series);
        List<HeaderDifference> differences = new ArrayList<>();
        for (HeaderComparison.Row row : HeaderComparison.compare(expected, actual, rules(rules, !standard.whole()))) {
            boolean namedByStudy = !standard.whole() && !expected.parameters().containsKey(row.name());
            if (!row.outcome().compliant() && !namedByStudy) {
                differences.add(difference(row, rules));
            }
        }
        if (!standard.whole()) {
            differences.addAll(named(standard, expected, series, rules));
        }
        differences.sort(Comparator.comparing(HeaderDifference::field));
        return differences;
    }

    /** Fields that the table does not list but the study file names itself: it asked for their values. */
    private static List<HeaderDifference> named(
            Standard standard, ParameterRecord known, Map<String, JsonNode> series, HeaderRules rules) {
        List<HeaderDifference> differences = new ArrayList<>();
        new TreeMap<>(standard.fields()).forEach((field, node) -> {
            if (known.parameters().containsKey(field) || rules.ignored().contains(field)) {
                return;
            }
            Value expected = SidecarRecords.plain(node);
            Optional<Value> actual = Optional.ofNullable(series.get(field)).map(SidecarRecords::plain);
            Optional<Allowance> tolerance =
                    Optional.ofNullable(rules.tolerances().get(field)).map(t -> allowance(t, 1));
            boolean agrees = actual.isPresent()
                    && org.datman.metrics.header.Comparator.VECTOR
                            .judge(expected, actual.get(), tolerance.orElse(Allowance.NONE))
                            .agrees();
            if (!agrees) {
                differences.add(new HeaderDifference(
                        field,
                        Optional.of(expected.text()),
                        actual.map(Value::text),
                        tolerance.map(t -> t.text(1)),
                        rules.severity(field).key()));
            }
        });
        return differences;
    }

    private static HeaderDifference difference(HeaderComparison.Row row, HeaderRules rules) {
        double factor = factor(row.name());
        return new HeaderDifference(
                row.name(),
                row.expected().map(parameter -> parameter.value().text(factor)),
                row.actual().map(parameter -> parameter.value().text(factor)),
                row.tolerance().map(tolerance -> tolerance.text(factor)),
                Optional.ofNullable(rules.severities().get(row.name()))
                        .orElse(severity(row.weight()))
                        .key());
    }

    private static HeaderComparison.Rules rules(HeaderRules rules, boolean onlyExpected) {
        Map<String, Allowance> tolerances = new HashMap<>();
        rules.tolerances().forEach((field, tolerance) -> tolerances.put(field, allowance(tolerance, factor(field))));
        return new HeaderComparison.Rules(rules.ignored(), tolerances, Map.of(), onlyExpected);
    }

    private static Allowance allowance(Tolerance tolerance, double factor) {
        return new Allowance(tolerance.absolute() * factor, tolerance.relative());
    }

    /** From the sidecar's unit to the record's. */
    private static double factor(String field) {
        return FieldTable.field(field)
                .map(known -> known.sidecarFactor().orElse(1))
                .orElse(1.0);
    }

    private static Severity severity(Weight weight) {
        return switch (weight) {
            case BLOCK -> Severity.FLAG;
            case WARN -> Severity.WARN;
            case INFO, TRACK -> Severity.NOTE;
        };
    }
}
