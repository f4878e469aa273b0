package org.datman.pipeline.selection;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a session has beside its series.
 *
 * @param results by pipeline
 * @param bids the session in its BIDS dataset; null when it is not in it
 */
public record Sources(
        Map<String, ToolResult> results, @Nullable BidsContent bids) {

    public static final Sources NONE = new Sources(Map.of(), null);

    public Sources {
        results = Map.copyOf(results);
    }
}
