package org.datman.contracts.study;

import com.google.re2j.Pattern;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.SeriesDiscovered;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a study file by which a series would get a tag: the tag's conditions as they are, each text condition that the
 * series does not meet with its own value as a further alternative, quoted.
 *
 * @param yaml lines to put under {@code Tags} or {@code Ignore}
 * @param unmet conditions that no alternative can open (ranges of numbers), in words
 */
public record SeriesRule(String yaml, List<String> unmet) {

    public SeriesRule {
        unmet = List.copyOf(unmet);
    }

    /**
     * The lines for a series.
     *
     * @param rule of the tag at the site of the series; null for an {@code Ignore} rule
     */
    public static SeriesRule of(SeriesDiscovered series, @Nullable TagRule rule) {
        SeriesFacts facts = SeriesFacts.of(series);
        Map<String, String> fields = new LinkedHashMap<>();
        Map<String, String> header = new LinkedHashMap<>();
        if (rule == null) {
            fields.put("SeriesDescription", quoted(exactly(facts.description())));
            return new SeriesRule(
                    "Ignore:\n  - Pattern: " + mapping(fields) + "\n    Reason: 'why it is not wanted'\n", List.of());
        }
        for (SeriesClause clause : rule.pattern().clauses()) {
            String value = facts.value(clause.field());
            String text;
            if (clause instanceof TextClause words) {
                boolean isMet = words.matches(value);
                text = list(Stream.concat(
                                words.alternatives().stream().map(Pattern::pattern),
                                isMet ? Stream.empty() : Stream.of(exactly(value)))
                        .toList());
            } else {
                text = range((RangeClause) clause);
            }
            clause.keyword()
                    .ifPresentOrElse(keyword -> header.put(keyword, text), () -> fields.put(clause.field(), text));
        }
        if (!header.isEmpty()) {
            fields.put("Header", mapping(header));
        }
        Selector selector = rule.pattern().selector();
        selector.findEchoNumber().ifPresent(echo -> fields.put("EchoNumber", echo.toString()));
        selector.findPart().ifPresent(part -> fields.put("Part", part.key()));
        if (selector.derived()) {
            fields.put("Derived", "true");
        }
        selector.findPhaseEncodingDirection().ifPresent(way -> fields.put("PhaseEncodingDirection", way));
        List<String> unmet = rule.pattern().clauses().stream()
                .filter(clause -> clause instanceof RangeClause && !clause.matches(facts.value(clause.field())))
                .map(clause -> clause.field() + " must be " + clause.expected() + " and is '"
                        + facts.value(clause.field()) + "'")
                .toList();
        return new SeriesRule("Tags:\n  " + rule.tag() + ":\n    Pattern: " + mapping(fields) + "\n", unmet);
    }

    /** An expression that finds this value alone; what YAML cannot hold in quotes is any character. */
    private static String exactly(String value) {
        return "^" + Pattern.quote(value).replaceAll("\\p{Cntrl}", "(?s:.)") + "$";
    }

    private static String list(List<String> patterns) {
        return patterns.size() == 1
                ? quoted(patterns.get(0))
                : patterns.stream().map(SeriesRule::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String range(RangeClause range) {
        Map<String, String> limits = new LinkedHashMap<>();
        if (range.min() != Double.NEGATIVE_INFINITY) {
            limits.put("Min", RangeClause.plain(range.min()));
        }
        if (range.max() != Double.POSITIVE_INFINITY) {
            limits.put("Max", RangeClause.plain(range.max()));
        }
        return mapping(limits);
    }

    private static String mapping(Map<String, String> entries) {
        return entries.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
