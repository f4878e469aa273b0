package org.datman.contracts.study;

import java.util.List;

/**
 * Why a series was tagged as it was.
 *
 * @param summary one sentence
 * @param rules every rule that was tried: those that matched first, then the nearest misses
 */
public record Explanation(String summary, List<Rule> rules) {

    public Explanation {
        rules = List.copyOf(rules);
    }

    /**
     * The result of one rule.
     *
     * @param name the tag, or {@code Ignore: } and the reason
     * @param matched whether all its clauses matched
     */
    public record Rule(String name, boolean matched, List<Clause> clauses) {
        public Rule {
            clauses = List.copyOf(clauses);
        }

        /** {@code T2: SeriesDescription ~ 'T2w' matched 'T2w_SPC'; ImageType ~ 'NORM' did not match 'ORIGINAL\PRIMARY\M\ND'} */
        @Override
        public String toString() {
            return name + ": "
                    + String.join("; ", clauses.stream().map(Clause::toString).toList());
        }
    }

    /** One clause of a rule compared with one value. */
    public record Clause(String field, String expected, String actual, boolean matched) {
        @Override
        public String toString() {
            String found = actual.isEmpty() ? "no value" : "'" + actual + "'";
            return field + " ~ " + expected + (matched ? " matched " : " did not match ") + found;
        }
    }

    /** The summary and one line per rule. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(summary);
        rules.forEach(rule -> text.append('\n').append(rule));
        return text.toString();
    }
}
