package org.datman.contracts.study;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;

/** How many series of one tag a session should have, for people and for phantoms; at most one entry applies to a session. */
public record Expectation(List<CountRule> people, List<CountRule> phantoms) {

    /** Any number is allowed. */
    public static final Expectation ANY = new Expectation(List.of(), List.of());

    public Expectation {
        people = List.copyOf(people);
        phantoms = List.copyOf(phantoms);
    }

    /**
     * What applies to a session. An entry that names the timepoint has precedence over one that names none.
     *
     * @param timepoint of the session; empty for a phantom
     */
    public ExpectedCount of(LocalDate day, boolean phantom, String timepoint) {
        List<CountRule> rules = phantom ? phantoms : people;
        if (rules.isEmpty()) {
            return ExpectedCount.ANY;
        }
        String key = phantom ? "PhaCount" : "Count";
        return rules.stream()
                .filter(rule -> rule.appliesTo(day, timepoint))
                .max(Comparator.comparing(CountRule::namesTimepoints))
                .map(rule -> new ExpectedCount(
                        rule.accepted(), rule.condition().isEmpty() ? "" : key + " for " + rule.condition()))
                .orElseGet(() -> new ExpectedCount(
                        List.of(),
                        key + " has no entry for" + (timepoint.isEmpty() ? "" : " timepoint " + timepoint + " on") + " "
                                + day));
    }
}
