package org.datman.xnat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A session as in the list of a project.
 *
 * @param project as listed: for a session that is only shared into the project this is the one it is shared into
 * @param lastModified of the session's own row; scans and files may change without it
 * @param state what else differs when the session changed; empty for an XNAT
 */
public record XnatListed(
        String accession,
        String project,
        String label,
        String subjectLabel,
        String xsiType,
        @Nullable LocalDate date,
        @Nullable Instant lastModified,
        String state) {

    public Optional<LocalDate> findDate() {
        return Optional.ofNullable(date);
    }

    public Optional<Instant> findLastModified() {
        return Optional.ofNullable(lastModified);
    }
}
