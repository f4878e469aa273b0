package org.datman.export.resource;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.ResourceExported;

/**
 * The exported state of a file of paired data.
 *
 * @param discovered the event that it results from
 * @param discoveredAt when that was published
 * @param exported its last published export; empty during the first export
 * @param unsettled paths that may exist under public names besides the one in {@code exported}
 */
record ResourceState(
        ResourceDiscovered discovered,
        Instant discoveredAt,
        Optional<ResourceExported> exported,
        List<String> unsettled) {

    /** All its current or possible paths. */
    List<String> paths() {
        List<String> paths = new java.util.ArrayList<>(unsettled);
        exported.flatMap(ResourceExported::file).ifPresent(file -> paths.add(file.path()));
        return paths;
    }
}
