package org.datman.contracts.study;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.datman.contracts.event.SeriesTagged.FailedCheck;
import org.datman.contracts.study.Explanation.Clause;
import org.datman.contracts.study.Explanation.Rule;
import org.datman.contracts.study.TagDecision.Ambiguous;
import org.datman.contracts.study.TagDecision.Assignment;
import org.datman.contracts.study.TagDecision.Excluded;
import org.datman.contracts.study.TagDecision.Ignored;
import org.datman.contracts.study.TagDecision.Tagged;
import org.datman.contracts.study.TagDecision.Unmatched;
import org.datman.contracts.tree.TextPairs;

/**
 * Decides which tag a series gets.
 *
 * <ol>
 *   <li>A rule matches when all its clauses do. A text clause is found anywhere in its value; case counts in ImageType and
 *       header values only. A range holds all values of its element. A value that is not known matches nothing; an empty description is a value that {@code ^$} finds.
 *   <li>{@code EchoNumber}, {@code Part}, {@code Derived} and {@code PhaseEncodingDirection} select among a series' images. They refuse a series only when it is known which
 *       echoes or parts it holds, and theirs is not among them.
 *   <li>A matching {@code Ignore} rule comes before all tags.
 *   <li>Several tags are right when no image can fall to two of them. Otherwise those whose rule names ImageType win over
 *       those whose rule does not; if tags still overlap, the series is ambiguous. Nothing else ranks tags.
 *   <li>The checks of a tag look at a series that has it: a failed one is a warning, or takes the tag away.
 * </ol>
 */
public final class Tagging {

    /** Texts that are alike bring a rule nearer, by less than one clause of two does. */
    private static final double SIMILARITY_SHARE = 0.5;

    private static final Comparator<Traced> NEAREST_FIRST = Comparator.comparingDouble(Traced::distance);

    private static final String UNKNOWN = "not known; chosen at conversion";

    private Tagging() {}

    /**
     * @param site a site of the study
     * @throws IllegalArgumentException when the study does not have the site
     */
    public static TagDecision decide(SeriesFacts facts, StudyConfiguration study, String site, boolean phantom) {
        return decide(
                facts,
                study.site(site).orElseThrow(() -> new IllegalArgumentException(study.code() + " has no site " + site)),
                phantom);
    }

    /** The decision by the rules of a site. */
    static TagDecision decide(SeriesFacts facts, SiteConfiguration at, boolean phantom) {
        Values values = new Values(facts);
        List<Tried<IgnoreRule>> ignores = new ArrayList<>(at.ignore().size());
        for (IgnoreRule rule : at.ignore()) {
            ignores.add(new Tried<>(
                    rule, trace("Ignore: " + rule.reason(), rule.pattern(), rule.appliesTo(), values, phantom)));
        }
        List<Tried<TagRule>> tags = new ArrayList<>(at.tags().size());
        for (TagRule rule : at.tags().values()) {
            tags.add(new Tried<>(rule, trace(rule.tag(), rule.pattern(), rule.appliesTo(), values, phantom)));
        }
        List<Rule> rules = ranked(ignores, tags);
        List<Tried<IgnoreRule>> ignoring = matched(ignores);
        return ignoring.isEmpty()
                ? tagged(matched(tags), facts, rules)
                : ignored(ignoring.get(0).of(), rules);
    }

    private static <T> List<Tried<T>> matched(List<Tried<T>> tried) {
        List<Tried<T>> matched = new ArrayList<>();
        for (Tried<T> one : tried) {
            if (one.matched()) {
                matched.add(one);
            }
        }
        return matched;
    }

    /** A rule of the study with what it made of the series. */
    private record Tried<T>(T of, Traced traced) {
        boolean matched() {
            return traced.rule().matched();
        }
    }

    /**
     * The clauses of a rule with what they found.
     *
     * @param distance 0 for a match; else failed clauses as a share of all, less a little for similarity of text
     */
    private record Traced(Rule rule, double distance) {}

    /** The values of a series, each prepared once for the comparison with all rules. */
    private static final class Values {

        private final SeriesFacts facts;
        private final Map<String, String> values = new HashMap<>();
        private final Map<String, TextPairs> pairs = new HashMap<>();

        Values(SeriesFacts facts) {
            this.facts = facts;
        }

        String value(String field) {
            return values.computeIfAbsent(field, facts::value);
        }

        TextPairs pairs(String value) {
            return pairs.computeIfAbsent(value, TextPairs::of);
        }
    }

    private static TagDecision ignored(IgnoreRule rule, List<Rule> rules) {
        return new Ignored(rule.reason(), new Explanation("Ignored: " + rule.reason(), rules));
    }

    private static TagDecision tagged(List<Tried<TagRule>> matched, SeriesFacts facts, List<Rule> rules) {
        if (matched.isEmpty()) {
            String nearest;
            if (rules.isEmpty()) {
                nearest = "the site has no tags";
            } else if (facts.isImage()) {
                nearest = "nearest is " + rules.get(0).name();
            } else {
                // A report or raw data resembles no image: the name of a tag would only mislead.
                nearest = "it holds no image";
            }
            return new Unmatched(new Explanation(
                    "No tag matches series " + facts.scan() + " '" + facts.description() + "'; " + nearest, rules));
        }
        if (isDisjoint(matched)) {
            return assigned(matched, facts, "", rules);
        }
        List<Tried<TagRule>> naming =
                matched.stream().filter(t -> t.of().pattern().namesImageType()).toList();
        if (!naming.isEmpty() && isDisjoint(naming)) {
            return assigned(naming, facts, ", whose rule names ImageType (" + names(matched) + " match)", rules);
        }
        List<String> tags = matched.stream().map(t -> t.of().tag()).toList();
        return new Ambiguous(
                tags,
                new Explanation(
                        names(matched)
                                + " match the same images; give each an EchoNumber, Part, PhaseEncodingDirection or ImageType of its own",
                        rules));
    }

    private static TagDecision assigned(
            List<Tried<TagRule>> matched, SeriesFacts facts, String because, List<Rule> rules) {
        List<FailedCheck> failed = new ArrayList<>();
        matched.forEach(t -> failed.addAll(failed(t.of(), facts)));
        List<Tried<TagRule>> chosen = failed.isEmpty()
                ? matched
                : matched.stream()
                        .filter(t -> failed.stream().noneMatch(check -> check.excludes(t.of().tag())))
                        .toList();
        String checks = failed.isEmpty()
                ? ""
                : "; " + failed.stream().map(FailedCheck::text).collect(Collectors.joining("; "));
        if (chosen.isEmpty()) {
            return new Excluded(failed, new Explanation("Excluded from " + names(matched) + checks, rules));
        }
        List<Assignment> assignments = chosen.stream()
                .map(t -> new Assignment(
                        t.of(),
                        t.of().pattern().selector(),
                        t.of().findCombine().flatMap(rule -> rule.group(facts)).orElse(null)))
                .toList();
        String combined = assignments.stream()
                .filter(a -> a.combine() != null)
                .map(a -> "; by Combine of " + a.tag() + " one image with all series of the session that have '"
                        + a.combine() + "' in common")
                .collect(Collectors.joining());
        return new Tagged(
                assignments, failed, new Explanation("Tagged " + names(chosen) + because + combined + checks, rules));
    }

    /** The checks of a tag that a series does not meet. */
    static List<FailedCheck> failed(TagRule rule, SeriesFacts facts) {
        return rule.checks().stream()
                .flatMap(check -> check.failures(rule.tag(), facts).stream())
                .toList();
    }

    private static String names(List<Tried<TagRule>> tried) {
        return tried.stream().map(t -> t.of().tag()).collect(Collectors.joining(" and "));
    }

    private static boolean isDisjoint(List<Tried<TagRule>> tried) {
        for (int i = 0; i < tried.size(); i++) {
            Selector one = tried.get(i).of().pattern().selector();
            if (tried.subList(i + 1, tried.size()).stream()
                    .anyMatch(t -> one.overlaps(t.of().pattern().selector()))) {
                return false;
            }
        }
        return true;
    }

    private static Traced trace(
            String name, SeriesPattern pattern, AppliesTo appliesTo, Values values, boolean phantom) {
        SeriesFacts facts = values.facts;
        List<Clause> clauses = new ArrayList<>(pattern.clauses().size() + 1);
        Misses misses = new Misses();
        if (appliesTo != AppliesTo.BOTH) {
            clauses.add(misses.counted(new Clause(
                    "AppliesTo", appliesTo.key(), phantom ? "a phantom" : "a person", appliesTo.covers(phantom))));
        }
        for (SeriesClause clause : pattern.clauses()) {
            String actual = values.value(clause.field());
            boolean matched = clause.isMet(actual);
            clauses.add(new Clause(clause.field(), clause.expected(), actual, matched));
            if (!matched) {
                misses.add(clause.similarity(values.pairs(actual)));
            }
        }
        for (Clause clause : selecting(pattern.selector(), facts)) {
            clauses.add(misses.counted(clause));
        }
        return new Traced(new Rule(name, misses.count == 0, clauses), misses.distance(clauses.size()));
    }

    /** The clauses of a rule that failed, and how near they were. */
    private static final class Misses {

        private int count;
        private double similarity;

        void add(double ofOne) {
            count++;
            similarity += ofOne;
        }

        Clause counted(Clause clause) {
            if (!clause.matched()) {
                add(TextPairs.of(clause.expected()).similarity(TextPairs.of(clause.actual())));
            }
            return clause;
        }

        double distance(int clauses) {
            return count == 0 ? 0 : (double) count / clauses + (1 - similarity / count) * SIMILARITY_SHARE;
        }
    }

    private static List<Clause> selecting(Selector selector, SeriesFacts facts) {
        if (selector.equals(Selector.ALL)) {
            return List.of();
        }
        List<Clause> clauses = new ArrayList<>();
        selector.findEchoNumber()
                .ifPresent(echo -> clauses.add(selecting("EchoNumber", echo, facts.echoNumbers(), Object::toString)));
        selector.findPart().ifPresent(part -> clauses.add(selecting("Part", part, facts.parts(), Part::key)));
        if (selector.derived()) {
            clauses.add(new Clause("Derived", "true", UNKNOWN, true));
        }
        selector.findPhaseEncodingDirection()
                .ifPresent(direction -> clauses.add(new Clause("PhaseEncodingDirection", direction, UNKNOWN, true)));
        return clauses;
    }

    private static <T> Clause selecting(
            String field, T wanted, Set<T> held, java.util.function.Function<T, String> text) {
        if (held.isEmpty()) {
            return new Clause(field, text.apply(wanted), UNKNOWN, true);
        }
        String actual = held.stream().map(text).sorted().collect(Collectors.joining(", "));
        return new Clause(field, text.apply(wanted), actual, held.contains(wanted));
    }

    /** Matches first, then by how few clauses failed, then by how near the failed ones are. */
    private static List<Rule> ranked(List<Tried<IgnoreRule>> ignores, List<Tried<TagRule>> tags) {
        List<Traced> inOrder = new ArrayList<>(ignores.size() + tags.size());
        ignores.stream().filter(Tried::matched).forEach(tried -> inOrder.add(tried.traced()));
        tags.forEach(tried -> inOrder.add(tried.traced()));
        ignores.stream().filter(tried -> !tried.matched()).forEach(tried -> inOrder.add(tried.traced()));
        inOrder.sort(NEAREST_FIRST);
        List<Rule> rules = new ArrayList<>(inOrder.size());
        inOrder.forEach(traced -> rules.add(traced.rule()));
        return rules;
    }
}
