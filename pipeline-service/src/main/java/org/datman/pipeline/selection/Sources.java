package org.datman.pipeline.selection;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a session has beside its series.
 *
 * @param results by pipeline
 * @param bids the session in its BIDS dataset; null when it is not in it
 * @param paired files of the session
 * @param timePoints all sessions of the participant, this one among them, the first one first; empty where no pipeline needs them
 */
public record Sources(
        Map<String, ToolResult> results,
        @Nullable BidsContent bids,
        List<PairedFile> paired,
        List<TimePoint> timePoints) {

    public static final Sources NONE = new Sources(Map.of(), null);

    /** Without files of the session and others of its participant. */
    public Sources(Map<String, ToolResult> results, @Nullable BidsContent bids) {
        this(results, bids, List.of(), List.of());
    }

    public Sources {
        results = Map.copyOf(results);
        paired = List.copyOf(paired);
        timePoints = List.copyOf(timePoints);
    }
}
