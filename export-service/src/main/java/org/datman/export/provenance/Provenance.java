package org.datman.export.provenance;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesTagged.TagExplanation;
import org.datman.contracts.event.SessionRef;
import org.datman.export.completeness.Completeness;

/**
 * The whole story of the files of one stem, kept as {@code <STUDY>/provenance/<SESSION>/<stem>.prov.json}.
 *
 * @param stem name without extension
 * @param files with their digests, this file excepted
 * @param image which of the series' images they are, empty for a DICOM header kept alone
 * @param origin where it came from on XNAT
 * @param parts all scans that the image was put together of, the leading one first; empty when it is of one scan
 * @param naming why it is called so
 * @param source the bytes that were read
 * @param conversion how they were converted, when they were
 * @param run who did it, when, in answer to what
 */
public record Provenance(
        String stem,
        List<FileRef> files,
        Optional<String> image,
        Origin origin,
        Optional<List<Origin>> parts,
        Naming naming,
        Source source,
        Optional<Conversion> conversion,
        Run run) {

    /** A file with an image: it was converted. */
    public static final String IMAGE = "image";

    /** DICOM without pixels: a report, raw data, a directory. */
    public static final String NO_PIXELS = "no-pixels";

    /** A file of another kind. */
    public static final String NOT_DICOM = "not-dicom";

    /** DICOM that cannot be read to its end. */
    public static final String BROKEN = "broken";

    /** DICOM that is byte for byte one of the images. */
    public static final String COPY = "copy";

    /** DICOM with the SOPInstanceUID of one of the images and other content. */
    public static final String CONTESTED = "contested";

    /** An image of a volume that is not whole: the whole ones were converted without it. */
    public static final String BROKEN_VOLUME = "broken-volume";

    /** XNAT's ids of the scan and what the scanner called it. */
    public record Origin(
            SessionRef session,
            String scan,
            Optional<String> resource,
            Optional<Long> seriesNumber,
            Optional<String> uid,
            String description,
            Optional<String> date,
            long seriesRevision) {}

    /** The tag, and the rule and configuration that gave it. */
    public record Naming(
            String study,
            String site,
            String sessionName,
            String tag,
            String configRevision,
            Reason reason,
            List<TagExplanation> explanation) {}

    /**
     * What was read.
     *
     * @param sha256 over the sorted digests of the files
     * @param fingerprint of the listing, as the event had it
     * @param files every file of the resource
     * @param remarks what was odd about the download
     * @param completeness what the headers promise and what came; empty in what was written before they were counted
     * @param exam digest of the StudyInstanceUID: tells exams apart without naming one
     */
    public record Source(
            String sha256,
            String fingerprint,
            List<SourceFile> files,
            List<String> remarks,
            Optional<Completeness> completeness,
            Optional<String> exam) {}

    /**
     * A file of the XNAT resource.
     *
     * @param path there; behind the scan's id when the image is of several scans
     * @param use one of the constants of {@link Provenance}
     * @param verified whether XNAT's MD5 agreed
     * @param local the name that the converter saw and its output speaks of
     * @param problem what is wrong with a broken one
     */
    public record SourceFile(
            String path,
            long size,
            String md5,
            String sha256,
            boolean verified,
            String use,
            String local,
            Optional<String> problem) {}

    /**
     * The run of the converter.
     *
     * @param prepared what was done to the pixels of copies of the DICOM files before, so that the converter reads them rightly
     * @param corrections what of its sidecars and headers was changed afterwards, and why
     * @param log the path of all that it printed
     */
    public record Conversion(
            String program,
            String version,
            List<String> arguments,
            String parameters,
            int exitCode,
            List<String> problems,
            List<String> remarks,
            List<String> prepared,
            List<String> corrections,
            String log) {

        public Conversion {
            // Files of earlier versions do not have them.
            prepared = prepared == null ? List.of() : List.copyOf(prepared);
            corrections = corrections == null ? List.of() : List.copyOf(corrections);
        }

        /** The same with the place of its log. */
        public Conversion withLog(String path) {
            return new Conversion(
                    program, version, arguments, parameters, exitCode, problems, remarks, prepared, corrections, path);
        }
    }

    /** The run of DATMAN. */
    public record Run(
            String runKey,
            String eventId,
            String correlationId,
            long exportRevision,
            Instant started,
            Instant finished,
            String host,
            String actor) {}
}
