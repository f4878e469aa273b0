package org.datman.xnat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * A session as in the list of a project.
 *
 * @param project as listed: for a session that is only shared into the project this is the one it is shared into
 * @param lastModified of the session's own row; scans and files may change without it
 */
public record XnatListed(
        String accession,
        String project,
        String label,
        String subjectLabel,
        String xsiType,
        Optional<LocalDate> date,
        Optional<Instant> lastModified) {}
