package org.datman.simulator.archive;

import java.nio.file.Path;
import java.time.Instant;

/**
 * One file of a resource.
 *
 * @param path name within the resource, `/` between folders, raw (never percent-encoded)
 * @param source where the bytes lie; they are served from there and never copied
 * @param size bytes at the time of archiving
 */
public record ArchivedFile(String path, Path source, long size, Instant modified) {

    /** The last part of {@link #path}. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
