package org.datman.local.chaos.check;

/**
 * A file of the archive.
 *
 * @param path relative to the archive, with forward slashes
 * @param sha256 lower-case hex of its bytes
 * @param comparable digest of its content without what may differ between two sessions with the same scans: their names and ids, and
 *     times; empty when only its presence can be compared
 */
public record RecordedFile(String path, String sha256, String comparable) {}
