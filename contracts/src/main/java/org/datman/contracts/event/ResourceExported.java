package org.datman.contracts.event;

import java.time.Instant;
import java.util.Optional;

/**
 * An associated file is in the archive, or why it is not.
 *
 * @param resourceRevision the revision that was exported
 * @param outcome result of the export
 * @param study study code
 * @param sessionName DATMAN session name
 * @param label label of the resource folder
 * @param path path inside the folder as XNAT has it
 * @param file its place in the archive, when it is there
 * @param reason set whenever the outcome is not {@code EXPORTED}
 * @param renewal why the last attempt to take the file again failed: the previous one stays; empty when it succeeded
 * @param level what the folder belongs to on XNAT; absent in events from before this field existed
 * @param owner scan id, subject's accession id or project id that the folder belongs to; absent for the session, and in events from before
 *     this field existed
 */
@WithBuilder
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
        Optional<Reason> renewal,
        Optional<ResourceDiscovered.Level> level,
        Optional<String> owner)
        implements Event.OfSession, ResourceExportedBuilder.With {

    @Override
    public String identity() {
        return session.identity() + "/resources/" + resource + "/" + path;
    }

    @Override
    public String revision() {
        return resourceRevision + "@" + outcome + "@" + sessionName + (renewal.isPresent() ? "@stands" : "");
    }

    @Override
    public Optional<ScanId> scanId() {
        return Optional.empty();
    }

    @Override
    public EventOrder order() {
        return EventOrder.of(resourceRevision);
    }

    @Override
    public String summary() {
        return "Associated file " + label + "/" + path + ": " + Summaries.words(outcome)
                + renewal.or(() -> reason).map(Summaries::because).orElse("");
    }
}
