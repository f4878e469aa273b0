package org.datman.contracts.provenance;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ScanDay;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.TagExplanation;
import org.datman.contracts.event.SessionRef;

/**
 * The provenance of the files of one stem, stored as {@code <STUDY>/provenance/<SESSION>/<stem>.prov.json}.
 * It is the one record that every written form (PROV-JSON, RO-Crate, the text of {@code datman explain}) is made from.
 *
 * @param stem name without extension
 * @param files with their digests, except this file
 * @param image identity of the image within the series, empty for a DICOM header without an image
 * @param origin source on XNAT
 * @param parts all scans combined into the image, the leading one first; empty for a single scan
 * @param naming reason for its name
 * @param source the source bytes
 * @param conversion the conversion, if any
 * @param dicom how the DICOM file among the files is kept; empty without one, and in files of earlier versions, where it is as received
 * @param run the software, time and cause of the run
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
        Optional<KeptFile> dicom,
        Run run) {

    /** A file with an image: it was converted. */
    public static final String IMAGE = "image";

    /** DICOM without pixels: a report, raw data, a directory. */
    public static final String NO_PIXELS = "no-pixels";

    /** A file of another kind. */
    public static final String NOT_DICOM = "not-dicom";

    /** DICOM that cannot be read completely. */
    public static final String BROKEN = "broken";

    /** DICOM that is byte-identical to one of the images. */
    public static final String COPY = "copy";

    /** DICOM with the SOPInstanceUID of one of the images and other content. */
    public static final String CONTESTED = "contested";

    /** An image of an incomplete volume: the complete ones were converted without it. */
    public static final String BROKEN_VOLUME = "broken-volume";

    /** A screenshot or secondary capture: its pixels may show text about the person. */
    public static final String BURNED_IN = "burned-in-text";

    /**
     * The one DICOM file that is kept.
     *
     * @param form {@code blanked} or {@code original}
     * @param path of the file on XNAT that it is or was made of
     * @param originalSha256 digest of that; its own is among the files
     */
    public record KeptFile(String form, String path, String originalSha256) {}

    /** XNAT's ids of the scan and its description by the scanner. */
    public record Origin(
            SessionRef session,
            String scan,
            Optional<String> resource,
            Optional<Long> seriesNumber,
            Optional<String> uid,
            String description,
            @JsonDeserialize(contentUsing = ScanDay.class) Optional<LocalDate> date,
            long seriesRevision) {

        /** The origin of a tagged series. */
        public static Origin of(SeriesTagged tagged) {
            return new Origin(
                    tagged.session(),
                    tagged.scan(),
                    tagged.resource(),
                    tagged.seriesNumber(),
                    tagged.uid(),
                    tagged.description(),
                    tagged.date(),
                    tagged.seriesRevision());
        }
    }

    /** The tag, and the rule and configuration that assigned it. */
    public record Naming(
            String study,
            String site,
            String sessionName,
            String tag,
            String configRevision,
            Reason reason,
            List<TagExplanation> explanation) {}

    /**
     * The source files.
     *
     * @param sha256 over the sorted digests of the files
     * @param fingerprint of the listing, as in the event
     * @param files every file of the resource
     * @param remarks problems of the download
     * @param completeness expected and received content; empty in files of earlier versions
     * @param exam digest of the StudyInstanceUID: distinguishes exams without identifying one
     */
    public record Source(
            String sha256,
            String fingerprint,
            List<SourceFile> files,
            List<String> remarks,
            Optional<SeriesCompleteness> completeness,
            Optional<String> exam) {}

    /**
     * A file of the XNAT resource.
     *
     * @param path there; prefixed with the scan's id when the image is from several scans
     * @param use one of the constants of {@link Provenance}
     * @param verified whether XNAT's MD5 matched
     * @param local the name used by the converter and its output
     * @param problem the fault of a broken file
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
     * @param prepared changes to the pixels of copies of the DICOM files, so that the converter reads them correctly; empty in
     *     files of earlier versions
     * @param corrections changes to its sidecars and headers afterwards, and why
     * @param log the path of its complete output
     */
    public record Conversion(
            String program,
            String version,
            List<String> arguments,
            String parameters,
            int exitCode,
            List<String> problems,
            List<String> remarks,
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> prepared,
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> corrections,
            String log) {

        public Conversion {
            prepared = List.copyOf(prepared);
            corrections = List.copyOf(corrections);
        }

        /** A copy with the path of its log. */
        public Conversion withLog(String path) {
            return new Conversion(
                    program, version, arguments, parameters, exitCode, problems, remarks, prepared, corrections, path);
        }
    }

    /**
     * The run of DATMAN.
     *
     * @param runKey SHA-256 of source digest, names, converter version and parameters
     * @param eventId of the event that caused it
     * @param host name of the machine
     * @param actor account that the service runs under
     * @param software DATMAN's service and its version; empty in files of earlier versions
     */
    public record Run(
            String runKey,
            String eventId,
            String correlationId,
            long exportRevision,
            Instant started,
            Instant finished,
            String host,
            String actor,
            Optional<String> software) {}
}
