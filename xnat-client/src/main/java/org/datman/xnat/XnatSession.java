package org.datman.xnat;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * An imaging session (experiment) with its scans.
 *
 * @param accession never changes
 * @param project home project, not one it is shared into
 * @param subjectId accession id of the subject
 * @param subjectLabel label of the subject
 * @param label label of the session; may change
 * @param xsiType {@code xnat:mrSessionData}, for example
 * @param uid StudyInstanceUID
 * @param date day of the scan
 * @param scanner manufacturer, model and name of the scanner as far as XNAT knows them
 * @param scans in XNAT's order
 */
public record XnatSession(
        String accession,
        String project,
        String subjectId,
        String subjectLabel,
        String label,
        String xsiType,
        Optional<String> uid,
        Optional<LocalDate> date,
        Optional<String> scanner,
        List<XnatScan> scans) {

    public XnatSession {
        scans = List.copyOf(scans);
    }
}
