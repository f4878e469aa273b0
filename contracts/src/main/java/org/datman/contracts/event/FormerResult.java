package org.datman.contracts.event;

import java.time.Instant;
import java.util.List;

/**
 * A result of a pipeline that is not of what its session has now.
 *
 * @param runKey of which run
 * @param toolVersion version of the tool that made it
 * @param ended when
 * @param changes what has changed since, as sentences; empty when nothing can run now, for the reason that the event has
 */
public record FormerResult(String runKey, String toolVersion, Instant ended, List<String> changes) {

    public FormerResult {
        changes = List.copyOf(changes);
    }
}
