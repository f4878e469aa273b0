package org.datman.simulator.archive;

import java.nio.file.Path;
import java.time.Instant;

/**
 * One file of a resource.
 *
 * @param path name within the resource, {@code /} between folders, raw (never percent-encoded)
 * @param source path of the bytes; they are served from there and never copied
 * @param size bytes at the time of archiving
 * @param format the uploader's value for the catalogue, may be empty
 * @param content likewise
 * @param tags likewise
 */
public record ArchivedFile(
        String path, Path source, long size, Instant modified, String format, String content, String tags) {

    public ArchivedFile {
        // State files of earlier builds have no such values.
        format = format == null ? "" : format;
        content = content == null ? "" : content;
        tags = tags == null ? "" : tags;
    }

    /** A file without catalogue values. */
    public ArchivedFile(String path, Path source, long size, Instant modified) {
        this(path, source, size, modified, "", "", "");
    }

    /** The last part of {@link #path}. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    public ArchivedFile withPath(String newPath) {
        return new ArchivedFile(newPath, source, size, modified, format, content, tags);
    }

    public ArchivedFile withCatalogue(String newFormat, String newContent, String newTags) {
        return new ArchivedFile(path, source, size, modified, newFormat, newContent, newTags);
    }
}
