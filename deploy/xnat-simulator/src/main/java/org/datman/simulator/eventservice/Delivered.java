package org.datman.simulator.eventservice;

import java.time.Instant;
import java.util.List;
import org.datman.simulator.archive.ArchiveEvent;

/**
 * An event that matched a subscription, and its result.
 *
 * @param steps XNAT's names of the stages, in order
 */
public record Delivered(
        long id, Subscription subscription, ArchiveEvent event, List<String> steps, String message, Instant time) {

    public boolean failed() {
        return steps.contains("ACTION_FAILED");
    }
}
