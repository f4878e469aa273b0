package org.datman.xnat;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An imaging session (experiment) with its scans.
 *
 * @param accession never changes
 * @param project home project, not one it is shared into
 * @param shares the projects that it is shared into, with the labels that it has there
 * @param subjectId accession id of the subject
 * @param subjectLabel label of the subject in its home project; empty when this account may not see the subject
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
        @Nullable String uid,
        @Nullable LocalDate date,
        @Nullable String scanner,
        List<Share> shares,
        List<XnatScan> scans) {

    /**
     * A project into which something of another project is shared.
     *
     * @param project id of the project
     * @param label label there
     */
    public record Share(String project, String label) {}

    public XnatSession {
        shares = List.copyOf(shares);
        scans = List.copyOf(scans);
    }

    public Optional<LocalDate> findDate() {
        return Optional.ofNullable(date);
    }

    public Optional<String> findScanner() {
        return Optional.ofNullable(scanner);
    }

    /**
     * Whether it is an imaging session. Other experiments (assessors of an image, records of a subject) have accession ids
     * too. XNAT's types of imaging sessions all end with {@code SessionData}; whatever else has scans is one as well.
     */
    public boolean isImaging() {
        return xsiType.isEmpty() || isImagingType(xsiType) || !scans.isEmpty();
    }

    /** Whether data of this type is an imaging session: {@code xnat:mrSessionData}, {@code xnat:petmrSessionData} … */
    public static boolean isImagingType(String xsiType) {
        return xsiType.toLowerCase(Locale.ROOT).endsWith("sessiondata");
    }

    /** The same with scans and shares in an order of their own: XNAT gives them in any. */
    public XnatSession sorted() {
        return new XnatSession(
                accession,
                project,
                subjectId,
                subjectLabel,
                label,
                xsiType,
                uid,
                date,
                scanner,
                shares.stream().sorted(Comparator.comparing(Share::project)).toList(),
                scans.stream().sorted(Comparator.comparing(XnatScan::id)).toList());
    }

    /** The session as shared into a project. */
    public XnatSession in(Share share) {
        return new XnatSession(
                accession,
                share.project(),
                subjectId,
                subjectLabel,
                share.label().isEmpty() ? label : share.label(),
                xsiType,
                uid,
                date,
                scanner,
                shares,
                scans);
    }
}
