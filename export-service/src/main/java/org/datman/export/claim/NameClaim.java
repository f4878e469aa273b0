package org.datman.export.claim;

import java.util.List;
import org.datman.contracts.event.SeriesTagged.Assignment;
import org.datman.export.index.SeriesState;

/**
 * The names of an export.
 *
 * @param assignments with stems that no other scan has
 * @param revision number of the export
 * @param session the exported states of the scans of the session
 * @param currentScans the source scans of the current export of the scan; empty when there is none
 */
public record NameClaim(
        List<Assignment> assignments, long revision, List<SeriesState> session, List<String> currentScans) {

    public NameClaim {
        assignments = List.copyOf(assignments);
        session = List.copyOf(session);
        currentScans = List.copyOf(currentScans);
    }
}
