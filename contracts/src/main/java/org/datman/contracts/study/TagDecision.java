package org.datman.contracts.study;

import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.SeriesTagged.FailedCheck;
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

    /**
     * The series has a tag; several when each takes other images of it.
     *
     * @param failed the checks that it does not meet; those of a tag that it lost are among them
     */
    record Tagged(List<Assignment> assignments, List<FailedCheck> failed, Explanation explanation)
            implements TagDecision {
        public Tagged {
            assignments = List.copyOf(assignments);
            failed = List.copyOf(failed);
        }
    }

    /** Tags match, and checks exclude it from each. */
    record Excluded(List<FailedCheck> failed, Explanation explanation) implements TagDecision {
        public Excluded {
            failed = List.copyOf(failed);
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
