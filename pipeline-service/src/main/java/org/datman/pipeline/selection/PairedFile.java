package org.datman.pipeline.selection;

import java.util.Set;
import org.datman.contracts.event.FileRef;

/**
 * A file of a session beside its series, in the archive.
 *
 * @param folder label of the resource folder on XNAT
 * @param name of the file on XNAT, without its path
 * @param ofScan whether it belongs to a scan, and not to the session, its subject or the project
 * @param stems images of that scan
 */
public record PairedFile(String folder, String name, FileRef file, boolean ofScan, Set<String> stems) {

    public PairedFile {
        stems = Set.copyOf(stems);
    }
}
