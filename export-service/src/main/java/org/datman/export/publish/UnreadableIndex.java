package org.datman.export.publish;

import java.nio.file.Path;
import java.util.Optional;
import org.datman.contracts.event.Reason;
import org.datman.platform.event.PermanentException;

/** A file of the export index is damaged: what is published of its subject cannot be known. */
public class UnreadableIndex extends PermanentException {

    private static final long serialVersionUID = 1L;

    private final String scan;

    /**
     * Made of what was found.
     *
     * @param scan empty when the file is of no single scan
     * @param problem what is wrong with the file
     */
    UnreadableIndex(String file, String scan, String problem, Throwable cause) {
        super(reason(file, problem), cause);
        this.scan = scan;
    }

    /** As people are told it. */
    public static Reason reason(String file, String problem) {
        return new Reason(
                "unreadable-state",
                "The export index " + file + " cannot be read: " + problem,
                "Move it out of the archive's .datman folder and press 'Reprocess': the session is then read from XNAT and"
                        + " told again");
    }

    /** The scan that an index file is of, as its name says; empty when its name is no scan's. */
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

    /** The scan that the file is of; empty when it is of no single one. */
    public Optional<String> scan() {
        return scan.isEmpty() ? Optional.empty() : Optional.of(scan);
    }
}
