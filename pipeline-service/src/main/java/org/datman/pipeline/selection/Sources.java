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
 */
public record Sources(
        Map<String, ToolResult> results, @Nullable BidsContent bids, List<PairedFile> paired) {

    public static final Sources NONE = new Sources(Map.of(), null);

    /** Without files of the session. */
    public Sources(Map<String, ToolResult> results, @Nullable BidsContent bids) {
        this(results, bids, List.of());
    }

    public Sources {
        results = Map.copyOf(results);
        paired = List.copyOf(paired);
    }
}
