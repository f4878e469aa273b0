package org.datman.contracts.event;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * The attributes of one scan of a session, from XNAT and one of its DICOM headers, or its removal.
 *
 * @param seriesRevision counts the changes that ingest has seen of this series, from 1; an older one never overwrites a newer
 * @param status whether it exists, and whether there is something to convert
 * @param problem why there is nothing to convert, for the statuses that mean so
 * @param project XNAT project of the session
 * @param subjectLabel XNAT label of the subject
 * @param sessionLabel XNAT label of the session
 * @param scan XNAT's scan id, such as {@code 3} or {@code 3-MR1}; a text, not a number
 * @param seriesNumber DICOM (0020,0011), when known
 * @param uid SeriesInstanceUID, when known
 * @param description SeriesDescription of the DICOM header, empty when that has none; as XNAT has it when no header was read
 * @param xnatType XNAT's scan type
 * @param xsiType XNAT's data type, such as {@code xnat:mrScanData}
 * @param quality XNAT's quality label
 * @param imageType DICOM ImageType values in order
 * @param echoNumbers echo numbers known to be in the series; empty when unknown
 * @param header public DICOM elements by keyword (several values joined with a backslash): the usual ones that the file has, and
 *     every one that a rule of the study needs, as empty text when the file lacks it; never a person's data
 * @param resource id of the XNAT resource that holds the DICOM files
 * @param fileCount number of files in that resource
 * @param byteCount size of that resource in bytes
 * @param fingerprint SHA-256 over the file listing (names, sizes, digests): what export verifies the download against
 * @param date day of the scan, when it is known
 * @param assigned the tag that a person assigned to it, when one did
 * @param headerSource how its header was read, where ingest is set to read headers by DICOMweb; a header that is read another way is no
 *     change of the series
 */
@WithBuilder
public record SeriesDiscovered(
        SessionRef session,
        long seriesRevision,
        Status status,
        Optional<Reason> problem,
        String project,
        String subjectLabel,
        String sessionLabel,
        String scan,
        Optional<Long> seriesNumber,
        Optional<String> uid,
        String description,
        String xnatType,
        String xsiType,
        String quality,
        List<String> imageType,
        SortedSet<Integer> echoNumbers,
        Map<String, String> header,
        Optional<String> resource,
        long fileCount,
        long byteCount,
        String fingerprint,
        @JsonDeserialize(contentUsing = ScanDay.class) Optional<LocalDate> date,
        Optional<SeriesAssigned.Assigned> assigned,
        Optional<HeaderSource> headerSource)
        implements Event.OfSession, SeriesDiscoveredBuilder.With {

    /** Whether a series can be converted. */
    public enum Status {
        PRESENT,
        NO_DICOM,
        EMPTY,
        REMOVED
    }

    /**
     * How a header was read.
     *
     * @param way from where
     * @param instead why not by DICOMweb
     */
    public record HeaderSource(Way way, Optional<Reason> instead) {

        /** From where a header is read. */
        public enum Way {
            /** Of all files, by one request: each of them is an instance of its own that XNAT can read. */
            DICOMWEB,
            /** Of one file, which was opened. */
            FILE
        }
    }

    /** Whether its header was read and not for all of these keywords, so that it is unknown whether the file has them. */
    public boolean lacksAnyOf(Set<String> keywords) {
        return status == Status.PRESENT && problem.isEmpty() && !header.keySet().containsAll(keywords);
    }

    @Override
    public String identity() {
        return session.identity() + "/" + scan;
    }

    @Override
    public String revision() {
        return Long.toString(seriesRevision);
    }

    @Override
    public Optional<ScanId> scanId() {
        return Optional.of(new ScanId(scan));
    }

    @Override
    public EventOrder order() {
        return EventOrder.of(seriesRevision);
    }

    @Override
    public String summary() {
        String headers = headerSource
                .map(source -> source.way() == HeaderSource.Way.DICOMWEB
                        ? ", headers of all by DICOMweb"
                        : ", header of one file"
                                + source.instead()
                                        .map(why -> " (" + why.message() + ")")
                                        .orElse(""))
                .orElse("");
        return "Series " + scan + " '" + description + "' is " + Summaries.words(status) + ", " + fileCount + " files"
                + headers + ", revision " + seriesRevision;
    }
}
