package org.datman.simulator.archive;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A folder of files with a catalogue.
 *
 * @param id server-wide number ({@code xnat_abstractresource_id})
 * @param label may be empty: XNAT allows unlabelled resources
 * @param reportedCount the number of files that lists report instead of the actual one (a stale catalogue), null for the actual one
 * @param reportedSize likewise for the sum of bytes
 */
public record Resource(
        long id,
        String label,
        String format,
        String content,
        List<ArchivedFile> files,
        @Nullable String reportedCount,
        @Nullable String reportedSize) {

    public Resource {
        files = List.copyOf(files);
    }

    /** A resource whose catalogue is up to date. */
    public static Resource of(long id, String label, String format, String content, List<ArchivedFile> files) {
        return new Resource(id, label, format, content, files, null, null);
    }

    public Resource withFiles(List<ArchivedFile> newFiles) {
        return new Resource(id, label, format, content, newFiles, reportedCount, reportedSize);
    }

    public Resource withReported(@Nullable String count, @Nullable String size) {
        return new Resource(id, label, format, content, files, count, size);
    }

    /** {@code file_count} as lists give it. */
    public String countText() {
        return reportedCount != null ? reportedCount : Integer.toString(files.size());
    }

    /** {@code file_size} as lists give it, bytes. */
    public String sizeText() {
        return reportedSize != null
                ? reportedSize
                : Long.toString(files.stream().mapToLong(ArchivedFile::size).sum());
    }

    /** Label, or the number where there is none: how paths of zips and folders name it. */
    public String folder() {
        return label.isEmpty() ? Long.toString(id) : label;
    }

    /** Whether {@code key} (a label or a number) means this resource. */
    public boolean answersTo(String key) {
        return (!label.isEmpty() && label.equals(key)) || Long.toString(id).equals(key);
    }
}
