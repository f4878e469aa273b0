package org.datman.contracts.study;

import java.util.List;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.tree.Words;

/**
 * What a series must be once it has a tag: a condition on its parameters, and what becomes of a series that does not meet it.
 *
 * @param clauses each must hold; their fields are those of a pattern
 * @param message what is wrong then, for people
 */
public record TagCheck(List<SeriesClause> clauses, Action action, String message) {

    private static final String NO_VALUE = "no value";
    private static final String UNKNOWN = "not known";

    public TagCheck {
        clauses = List.copyOf(clauses);
    }

    /** What becomes of a series that fails it. */
    public enum Action {
        /** It keeps the tag, with the warning. */
        WARN,
        /** It loses the tag. */
        EXCLUDE;

        private final String key = Words.key(this);

        /** As written in YAML and in events. */
        public String key() {
            return key;
        }
    }

    /**
     * The conditions that a series does not meet. An element that was never read of it, or whose header could not be read, is no reason
     * to exclude it: that is a warning.
     */
    List<SeriesTagged.FailedCheck> failures(String tag, SeriesFacts facts) {
        return clauses.stream()
                .filter(clause -> !clause.isMet(facts.value(clause.field())))
                .map(clause -> {
                    String value = facts.value(clause.field());
                    boolean isKnown = !value.isEmpty() || isRead(clause, facts);
                    return new SeriesTagged.FailedCheck(
                            tag,
                            clause.field(),
                            clause.expected(),
                            isKnown ? value.isEmpty() ? NO_VALUE : value : UNKNOWN,
                            (isKnown ? action : Action.WARN).key(),
                            message);
                })
                .toList();
    }

    private static boolean isRead(SeriesClause clause, SeriesFacts facts) {
        return !facts.header().isEmpty()
                && clause.keyword()
                        .filter(keyword -> !HeaderKeywords.CARRIED.contains(keyword)
                                && !facts.header().containsKey(keyword))
                        .isEmpty();
    }
}
