package org.datman.contracts.study;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.SeriesDiscovered;

/**
 * The lines of a study file by which a series would get a tag: the tag's conditions as they are, each text condition that the
 * series does not meet with its own value as a further alternative, quoted.
 *
 * @param yaml lines to put under {@code Tags} or {@code Ignore}
 * @param obstacles why the series does not get the tag by these lines, in words: conditions that no alternative can open, other
 *     tags and rules, checks; empty when it gets it
 */
public record SeriesRule(String yaml, List<String> obstacles) {

    public SeriesRule {
        obstacles = List.copyOf(obstacles);
    }

    /** The lines by which a series is ignored. */
    public static SeriesRule ignoring(SeriesDiscovered series) {
        return new SeriesRule(
                "Ignore:\n  - Pattern: " + mapping(Map.of("SeriesDescription", quoted(exactly(series.description()))))
                        + "\n    Reason: 'why it is not wanted'\n",
                List.of());
    }

    /**
     * The lines for a tag, and what the series is by them.
     *
     * @param site of the series
     * @param tag one of the site
     */
    public static SeriesRule of(SeriesDiscovered series, SiteConfiguration site, boolean phantom, String tag) {
        SeriesFacts facts = SeriesFacts.of(series);
        Map<String, TagRule> tags = new HashMap<>(site.tags());
        TagRule opened = Objects.requireNonNull(tags.computeIfPresent(tag, (name, rule) -> opened(rule, facts)), tag);
        TagDecision decision = Tagging.decide(
                facts,
                new SiteConfiguration(site.code(), site.studyCodes(), site.xnatProjects(), tags, site.ignore()),
                phantom);
        return new SeriesRule(
                "Tags:\n  " + tag + ":\n    Pattern: " + mapping(fields(opened.pattern())) + "\n",
                obstacles(decision, tag));
    }

    /** The rule with the series' own values as further alternatives. */
    private static TagRule opened(TagRule rule, SeriesFacts facts) {
        return rule.withPattern(new SeriesPattern(
                rule.pattern().clauses().stream()
                        .map(clause -> opened(clause, facts.value(clause.field())))
                        .toList(),
                rule.pattern().selector()));
    }

    /** A value that is not known matches nothing: no alternative would open the condition to it. */
    private static SeriesClause opened(SeriesClause clause, String value) {
        boolean isKnown = !value.isEmpty() || clause.field().equals("SeriesDescription");
        if (!(clause instanceof TextClause words) || !isKnown || clause.matches(value)) {
            return clause;
        }
        return new TextClause(
                clause.field(),
                Stream.concat(
                                words.alternatives().stream(),
                                Stream.of(Pattern.compile(
                                        exactly(value),
                                        words.alternatives().get(0).flags())))
                        .toList());
    }

    private static List<String> obstacles(TagDecision decision, String tag) {
        if (decision instanceof TagDecision.Tagged tagged
                && tagged.assignments().stream().anyMatch(one -> one.tag().equals(tag))) {
            return List.of();
        }
        List<String> obstacles = new ArrayList<>();
        decision.explanation().rules().stream()
                .filter(rule -> rule.name().equals(tag))
                .flatMap(rule -> rule.clauses().stream())
                .filter(clause -> !clause.matched())
                .map(clause -> clause.field() + " must be " + clause.expected() + " and "
                        + (clause.actual().isEmpty() ? "is not known" : "is '" + clause.actual() + "'"))
                .forEach(obstacles::add);
        if (!(decision instanceof TagDecision.Unmatched)) {
            obstacles.add(decision.explanation().summary());
        }
        return obstacles;
    }

    private static Map<String, String> fields(SeriesPattern pattern) {
        Map<String, String> fields = new LinkedHashMap<>();
        Map<String, String> header = new LinkedHashMap<>();
        for (SeriesClause clause : pattern.clauses()) {
            String text = clause instanceof TextClause words
                    ? list(words.alternatives().stream().map(Pattern::pattern).toList())
                    : range((RangeClause) clause);
            clause.keyword()
                    .ifPresentOrElse(keyword -> header.put(keyword, text), () -> fields.put(clause.field(), text));
        }
        if (!header.isEmpty()) {
            fields.put("Header", mapping(header));
        }
        Selector selector = pattern.selector();
        selector.findEchoNumber().ifPresent(echo -> fields.put("EchoNumber", echo.toString()));
        selector.findPart().ifPresent(part -> fields.put("Part", part.key()));
        if (selector.derived()) {
            fields.put("Derived", "true");
        }
        selector.findPhaseEncodingDirection().ifPresent(way -> fields.put("PhaseEncodingDirection", way));
        return fields;
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
