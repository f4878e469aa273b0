package org.datman.export.resource;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.ResourceExported;

/**
 * What the archive holds of a file of paired data.
 *
 * @param discovered the event that it follows from
 * @param discoveredAt when that was said
 * @param exported what was said of it last; empty while the first export is under way
 * @param unsettled paths that may lie under public names beyond the one in {@code exported}
 */
record ResourceState(
        ResourceDiscovered discovered,
        Instant discoveredAt,
        Optional<ResourceExported> exported,
        List<String> unsettled) {

    /** Where it lies now, or may. */
    List<String> paths() {
        List<String> paths = new java.util.ArrayList<>(unsettled);
        exported.flatMap(ResourceExported::file).ifPresent(file -> paths.add(file.path()));
        return paths;
    }
}
