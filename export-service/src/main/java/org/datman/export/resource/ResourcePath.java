package org.datman.export.resource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.export.download.SeriesDownload;

/**
 * Path of a file of paired data below its session's folder: label and path as on XNAT, if they are valid
 * file names.
 */
final class ResourcePath {

    private static final int LONGEST_SEGMENT = 255;
    private static final int MOST_SEGMENTS = 32;

    private ResourcePath() {}

    /** An invalid path. */
    static final class InvalidPathException extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient Reason reason;

        private InvalidPathException(String path, String problem) {
            super(problem);
            this.reason = new Reason(
                    "path-refused",
                    "'" + SeriesDownload.shown(path) + "' cannot be a path in the archive: " + problem,
                    "Rename the file on XNAT");
        }

        Reason reason() {
            return reason;
        }
    }

    /**
     * The path below the session's folder.
     *
     * @param label of the XNAT resource
     * @param path of the file in it
     */
    static String of(String label, String path) throws ResourcePath.InvalidPathException {
        List<String> segments = new ArrayList<>();
        segments.add(label.replace('/', '_'));
        for (String segment : path.split("/", -1)) {
            segments.add(segment);
        }
        if (segments.size() > MOST_SEGMENTS) {
            throw new ResourcePath.InvalidPathException(path, "it has more than " + MOST_SEGMENTS + " levels");
        }
        List<String> safe = new ArrayList<>();
        for (String segment : segments) {
            safe.add(segment(path, segment));
        }
        return String.join("/", safe);
    }

    /** The folder of files above or below session level, with a trailing slash; empty for the session level. */
    static String level(ResourceDiscovered discovered) throws ResourcePath.InvalidPathException {
        String owner = discovered.owner().orElse("").replace('/', '_');
        return switch (discovered.level().orElse(ResourceDiscovered.Level.SESSION)) {
            case PROJECT -> "project/";
            case SUBJECT -> "subject/";
            case SESSION -> "";
            case SCAN -> segment(discovered.path(), "scan-" + owner) + "/";
        };
    }

    private static String segment(String path, String segment) throws ResourcePath.InvalidPathException {
        if (segment.isBlank() || segment.equals(".") || segment.equals("..")) {
            throw new ResourcePath.InvalidPathException(
                    path, "'" + SeriesDownload.shown(segment) + "' leads elsewhere");
        }
        if (segment.getBytes(StandardCharsets.UTF_8).length > LONGEST_SEGMENT) {
            throw new ResourcePath.InvalidPathException(path, "a name of more than " + LONGEST_SEGMENT + " bytes");
        }
        return segment.codePoints()
                .map(c -> c == '\\' || Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '_' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
