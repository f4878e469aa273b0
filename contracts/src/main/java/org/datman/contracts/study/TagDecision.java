package org.datman.contracts.study;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What kind of series it is, and why. */
public sealed interface TagDecision {

    Explanation explanation();

    /**
     * A tag for the images of the series that its selector takes.
     *
     * @param combine what the series has in common with the other parts of its image; null when it is one by itself
     */
    record Assignment(
            TagRule rule, Selector selector, @Nullable String combine) {
        public String tag() {
            return rule.tag();
        }

        public Optional<String> findCombine() {
            return Optional.ofNullable(combine);
        }
    }

    /** The series has a tag; several when each takes other images of it. */
    record Tagged(List<Assignment> assignments, Explanation explanation) implements TagDecision {
        public Tagged {
            assignments = List.copyOf(assignments);
        }
    }

    /** No tag's rules match. */
    record Unmatched(Explanation explanation) implements TagDecision {}

    /** Several tags claim the same images. */
    record Ambiguous(List<String> tags, Explanation explanation) implements TagDecision {
        public Ambiguous {
            tags = List.copyOf(tags);
        }
    }

    /** The study expects such series and does not want them. */
    record Ignored(String reason, Explanation explanation) implements TagDecision {}
}
