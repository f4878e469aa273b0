package org.datman.pipeline.selection;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.datman.contracts.study.PipelineRule;
import org.jspecify.annotations.Nullable;

/**
 * A session of a participant.
 *
 * @param date the day of its scan; null when it is not known
 * @param results by pipeline
 * @param notFor the pipelines that are not for it, by {@link Selection#notWanted}: for these it is no time point
 */
public record TimePoint(
        String sessionName, @Nullable LocalDate date, Map<String, ToolResult> results, Set<String> notFor) {

    /** By day and name; those without a day come last. */
    public static final Comparator<TimePoint> ORDER = Comparator.comparing(
                    TimePoint::date, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(TimePoint::sessionName);

    public TimePoint {
        results = Map.copyOf(results);
        notFor = Set.copyOf(notFor);
    }

    /** The session with which a rule runs once for the participant: the first one that it is for. */
    public static Optional<TimePoint> first(List<TimePoint> inOrder, PipelineRule rule) {
        return inOrder.stream()
                .filter(each -> !each.notFor().contains(rule.name()))
                .findFirst();
    }
}
