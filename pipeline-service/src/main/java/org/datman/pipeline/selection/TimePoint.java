package org.datman.pipeline.selection;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session of a participant.
 *
 * @param date the day of its scan; null when it is not known
 * @param results by pipeline; without those that are not for it
 */
public record TimePoint(String sessionName, @Nullable LocalDate date, Map<String, ToolResult> results) {

    /** By day and name; those without a day come last. */
    public static final Comparator<TimePoint> ORDER = Comparator.comparing(
                    TimePoint::date, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(TimePoint::sessionName);

    public TimePoint {
        results = Map.copyOf(results);
    }
}
