package org.datman.export.index;

import java.nio.file.Path;
import java.util.Optional;
import org.datman.contracts.archive.Segments;
import org.datman.contracts.event.Reason;
import org.datman.platform.event.PermanentException;

/** A file of the export index is damaged: the published state of its subject is unknown. */
public class UnreadableIndex extends PermanentException {

    private static final long serialVersionUID = 1L;

    private final String scan;

    /**
     * Creates it for a damaged file.
     *
     * @param scan empty when the file does not belong to a single scan
     * @param problem the fault of the file
     */
    UnreadableIndex(String file, String scan, String problem, Throwable cause) {
        super(reason(file, problem), cause);
        this.scan = scan;
    }

    /** The reason for people. */
    public static Reason reason(String file, String problem) {
        return new Reason(
                "unreadable-state",
                "The export index " + file + " cannot be read: " + problem,
                "Move it out of the archive's .datman folder and press 'Reprocess': the session is then read from its server and"
                        + " published again");
    }

    /** The scan of an index file, from its name; empty when the name is not that of a scan. */
    public static Optional<String> scanOf(Path file) {
        String name = file.getFileName().toString();
        try {
            return name.endsWith(".json")
                    ? Optional.of(Segments.id(name.substring(0, name.length() - ".json".length())))
                    : Optional.empty();
        } catch (IllegalArgumentException other) {
            return Optional.empty();
        }
    }

    /** The scan of the file; empty when it does not belong to a single one. */
    public Optional<String> scan() {
        return scan.isEmpty() ? Optional.empty() : Optional.of(scan);
    }
}
