package org.datman.contracts.event;

import java.time.Instant;
import java.util.Optional;

/**
 * A file of paired data lies in the archive, or why it does not.
 *
 * @param resourceRevision the revision that was exported
 * @param outcome what came of it
 * @param study study code
 * @param sessionName DATMAN session name
 * @param label label of the resource folder
 * @param path path inside the folder as XNAT has it
 * @param file where it lies now, when it does
 * @param reason set whenever the outcome is not {@code EXPORTED}
 * @param renewal why the last try to take the file anew came to nothing: the one of before stands; empty when it went well
 */
public record ResourceExported(
        SessionRef session,
        long resourceRevision,
        SeriesExported.Outcome outcome,
        String study,
        String sessionName,
        String resource,
        String label,
        String path,
        Optional<FileRef> file,
        Optional<Reason> reason,
        Instant finished,
        Optional<Reason> renewal)
        implements Event {

    @Override
    public String key() {
        return session.accession();
    }

    @Override
    public String identity() {
        return session.identity() + "/resources/" + resource + "/" + path;
    }

    @Override
    public String revision() {
        return resourceRevision + "@" + outcome + "@" + sessionName + (renewal.isPresent() ? "@stands" : "");
    }
}
