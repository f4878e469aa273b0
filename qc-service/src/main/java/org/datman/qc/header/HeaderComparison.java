package org.datman.qc.header;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.datman.contracts.event.QcComplete.HeaderDifference;
import org.datman.contracts.study.HeaderRules;
import org.datman.contracts.study.Tolerance;

/**
 * Compares sidecar fields. Numbers agree when {@code |a - b| <= absolute + relative * |b|}, lists when they are of one
 * length and agree element by element; absent on either side is an outcome of its own, never agreement.
 */
final class HeaderComparison {

    private HeaderComparison() {}

    /** Everything in which the series differs from the standard, by field name. */
    static List<HeaderDifference> differences(Standard standard, Map<String, JsonNode> series, HeaderRules rules) {
        TreeSet<String> fields = new TreeSet<>(standard.fields().keySet());
        if (standard.whole()) {
            fields.addAll(series.keySet());
        }
        fields.removeAll(rules.ignored());
        List<HeaderDifference> differences = new ArrayList<>();
        Map<String, JsonNode> expectedFields = new TreeMap<>(standard.fields());
        for (String field : fields) {
            JsonNode expected = expectedFields.get(field);
            JsonNode actual = series.get(field);
            Optional<Tolerance> tolerance =
                    Optional.ofNullable(rules.tolerances().get(field));
            if (expected == null || actual == null || !agree(expected, actual, tolerance)) {
                differences.add(new HeaderDifference(
                        field,
                        Optional.ofNullable(expected).map(HeaderComparison::text),
                        Optional.ofNullable(actual).map(HeaderComparison::text),
                        tolerance.map(t -> t.absolute() + (t.relative() > 0 ? " + " + t.relative() + " relative" : "")),
                        rules.severity(field).name().toLowerCase(Locale.ROOT)));
            }
        }
        return differences;
    }

    private static boolean agree(JsonNode expected, JsonNode actual, Optional<Tolerance> tolerance) {
        if (expected.isArray() || actual.isArray()) {
            if (!expected.isArray() || !actual.isArray() || expected.size() != actual.size()) {
                return false;
            }
            for (int i = 0; i < expected.size(); i++) {
                if (!agree(expected.get(i), actual.get(i), tolerance)) {
                    return false;
                }
            }
            return true;
        }
        if (expected.isNumber() && actual.isNumber()) {
            double allowed = tolerance
                    .map(t -> t.absolute() + t.relative() * Math.abs(expected.asDouble()))
                    .orElse(0.0);
            // Decimal fractions have no exact binary form; a last digit of it is no difference.
            double rounding = 1e-9 * Math.max(Math.abs(expected.asDouble()), Math.abs(actual.asDouble()));
            return Math.abs(expected.asDouble() - actual.asDouble()) <= allowed + rounding;
        }
        return expected.asText().equals(actual.asText()) && expected.isContainerNode() == actual.isContainerNode();
    }

    private static String text(JsonNode node) {
        return node.isValueNode() ? node.asText() : node.toString();
    }
}
