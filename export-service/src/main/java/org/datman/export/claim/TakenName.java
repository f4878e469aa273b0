package org.datman.export.claim;

import java.util.Optional;
import org.datman.contracts.event.SessionRef;

/**
 * A name that was refused because it is another session's.
 *
 * @param session of the refused data
 * @param scan the refused series; empty for an associated file
 * @param file identity of the refused associated file; empty for a series
 * @param path the taken path, relative to the archive
 * @param correlationId of the event whose handling was refused
 */
public record TakenName(
        SessionRef session, Optional<String> scan, Optional<String> file, String path, String correlationId) {

    /** A name that a series was refused. */
    public static TakenName ofScan(SessionRef session, String scan, String path, String correlationId) {
        return new TakenName(session, Optional.of(scan), Optional.empty(), path, correlationId);
    }

    /** A name that an associated file was refused. */
    public static TakenName ofFile(SessionRef session, String file, String path, String correlationId) {
        return new TakenName(session, Optional.empty(), Optional.of(file), path, correlationId);
    }
}
