package org.datman.contracts.event;

import java.util.Objects;

/**
 * A file in the archive folder.
 *
 * @param role what the file is to its series
 * @param path relative to the archive folder, with forward slashes
 * @param size in bytes
 * @param sha256 lower-case hex of all its bytes
 */
public record FileRef(FileRole role, String path, long size, String sha256) {
    public FileRef {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(sha256, "sha256");
    }
}
