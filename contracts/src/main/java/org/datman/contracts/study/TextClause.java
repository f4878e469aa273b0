package org.datman.contracts.study;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.datman.contracts.tree.TextPairs;
import org.jspecify.annotations.Nullable;

/** One field of a series and the regular expressions of which at least one must be found anywhere in it. */
public final class TextClause implements SeriesClause {

    static final String IMAGE_TYPE = "ImageType";

    /** The series of a study repeat few values: a search of each costs more than all else of a decision. */
    private static final int MOST_KNOWN = 1_000;

    private static final int LONGEST_KNOWN = 200;

    private final String field;
    private final List<Pattern> alternatives;
    private final String expected;
    private final TextPairs expectedPairs;
    private final Map<String, Boolean> known = new ConcurrentHashMap<>();

    /**
     * @param field {@code SeriesDescription}, {@code XnatType}, {@code Modality}, {@code Quality}, {@code ImageType} or {@code
     *     Header.<keyword>}
     */
    public TextClause(String field, List<Pattern> alternatives) {
        this.field = field;
        this.alternatives = List.copyOf(alternatives);
        this.expected = alternatives.stream().map(p -> "'" + p.pattern() + "'").collect(Collectors.joining(" or "));
        this.expectedPairs = TextPairs.of(expected);
    }

    @Override
    public String field() {
        return field;
    }

    public List<Pattern> alternatives() {
        return alternatives;
    }

    /** The expressions as written, joined with "or". */
    @Override
    public String expected() {
        return expected;
    }

    /** How near a value is to the expressions as written: 0 to 1. */
    @Override
    public double similarity(TextPairs actual) {
        return expectedPairs.similarity(actual);
    }

    @Override
    public boolean matches(String actual) {
        if (actual.length() > LONGEST_KNOWN) {
            return isFound(actual);
        }
        Boolean before = known.get(actual);
        if (before != null) {
            return before;
        }
        boolean found = isFound(actual);
        if (known.size() >= MOST_KNOWN) {
            known.clear();
        }
        known.put(actual, found);
        return found;
    }

    private boolean isFound(String actual) {
        return alternatives.stream().anyMatch(p -> p.matcher(actual).find());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TextClause clause
                && field.equals(clause.field)
                && alternatives.equals(clause.alternatives);
    }

    @Override
    public int hashCode() {
        return Objects.hash(field, alternatives);
    }

    @Override
    public String toString() {
        return field + " ~ " + expected;
    }
}
