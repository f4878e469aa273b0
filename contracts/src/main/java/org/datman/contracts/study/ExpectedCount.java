package org.datman.contracts.study;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How many series of a tag one session should have, and by which entry of the study file.
 *
 * @param accepted the numbers of which each is right, ascending; empty: any number is right
 * @param rule the entry that applied, for people; empty for a number without conditions
 */
public record ExpectedCount(List<Integer> accepted, String rule) {

    /** The study gives no number. */
    public static final ExpectedCount ANY = new ExpectedCount(List.of(), "");

    public ExpectedCount {
        accepted = List.copyOf(accepted);
    }

    /** One number without conditions. */
    public static ExpectedCount of(int number) {
        return new ExpectedCount(List.of(number), "");
    }

    public boolean any() {
        return accepted.isEmpty();
    }

    public boolean accepts(int found) {
        return any() || accepted.contains(found);
    }

    /** The accepted number with which {@code found} is compared: itself, or the next larger one, or the largest. */
    public int nearest(int found) {
        return any()
                ? found
                : accepted.stream()
                        .filter(number -> number >= found)
                        .findFirst()
                        .orElseGet(() -> Collections.max(accepted));
    }

    /** As text: {@code 1 or 2}. */
    public String words() {
        return any() ? "any number" : accepted.stream().map(String::valueOf).collect(Collectors.joining(" or "));
    }
}
