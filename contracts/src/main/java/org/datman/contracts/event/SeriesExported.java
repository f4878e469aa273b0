package org.datman.contracts.event;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.metric.QcKind;

/**
 * The files that were made of a series, or why there are none.
 *
 * @param seriesRevision the revision of the series that was exported
 * @param outcome result of the export
 * @param study study code
 * @param site site code
 * @param sessionName DATMAN session name
 * @param phantom whether the session is of a phantom and not of a person
 * @param scan XNAT's scan id
 * @param products the files made, one entry per converted image; empty when there are none
 * @param reason set whenever the outcome is not {@code EXPORTED}
 * @param source the DICOM files that were read
 * @param converter program and version
 * @param runKey SHA-256 of source digest, names, converter version and parameters: the identity of the result
 * @param configRevision the study configuration that determined the names
 * @param exportRevision grows with each export of this series
 * @param started when the work began
 * @param finished when the files were safe
 * @param completeness what the DICOM headers declare and what arrived; empty when nothing was read
 * @param renewal why the last attempt to make the files again failed: the previous ones stay, and all other fields are about
 *     them; empty when the last attempt succeeded
 */
@WithBuilder
public record SeriesExported(
        SessionRef session,
        long seriesRevision,
        long exportRevision,
        Outcome outcome,
        String study,
        String site,
        String sessionName,
        boolean phantom,
        String scan,
        Optional<Long> seriesNumber,
        @JsonDeserialize(contentUsing = ScanDay.class) Optional<LocalDate> date,
        List<Product> products,
        Optional<Reason> reason,
        Optional<Source> source,
        Optional<Converter> converter,
        String runKey,
        String configRevision,
        Instant started,
        Instant finished,
        Optional<Completeness> completeness,
        Optional<Reason> renewal)
        implements Event.OfSession, SeriesExportedBuilder.With {

    /**
     * Result of an export. {@code PARTIAL}: files were made, but not of all that was there. {@code COMBINED}: the series is
     * part of an image that is exported with another series of the session; the reason names it.
     */
    public enum Outcome {
        EXPORTED,
        PARTIAL,
        FAILED,
        WITHDRAWN,
        COMBINED
    }

    /**
     * One image with its companions.
     *
     * @param stem file name without extension
     * @param tag its tag
     * @param qcKind how it is measured
     * @param dimensions voxels along i, j, k and volumes
     * @param files all its files
     */
    public record Product(String stem, String tag, String qcKind, List<Integer> dimensions, List<FileRef> files) {

        /** An image of a kind that is not known would be measured as what it is not: such an event is refused. */
        public Product {
            QcKind.of(qcKind);
        }

        /** Whether it is to be measured and can be. */
        public boolean measurable() {
            return QcKind.of(qcKind) != QcKind.IGNORE && file(FileRole.NIFTI).isPresent();
        }

        /** The first file of that role. */
        public Optional<FileRef> file(FileRole role) {
            return files.stream().filter(file -> file.role() == role).findFirst();
        }
    }

    /** What was read: number of files, their bytes, and a SHA-256 over their sorted SHA-256 digests. */
    public record Source(long fileCount, long byteCount, String sha256, String fingerprint) {}

    /**
     * What the DICOM headers of a series declare and what arrived.
     *
     * @param promisedImages slices of all volumes together (a mosaic is one); empty when the headers do not state it
     * @param imagesArrived the same, as arrived, duplicates excluded
     * @param promisedVolumes volumes per echo and part; empty when the headers do not state it
     * @param volumesArrived volumes of which anything arrived
     * @param volumesComplete volumes of which everything arrived
     * @param basis the DICOM elements that were counted
     * @param tagsWithoutImage tags of the series that none of its images matches: those images are missing
     */
    public record Completeness(
            Optional<Integer> promisedImages,
            int imagesArrived,
            Optional<Integer> promisedVolumes,
            int volumesArrived,
            int volumesComplete,
            List<String> basis,
            List<String> tagsWithoutImage) {}

    /** The program that converted. */
    public record Converter(String name, String version) {}

    @Override
    public String identity() {
        return session.identity() + "/" + scan;
    }

    @Override
    public String revision() {
        return seriesRevision + "@" + configRevision + "@" + outcome + "@" + runKey + "@" + exportRevision
                + (renewal.isPresent() ? "@stands" : "");
    }

    @Override
    public Optional<ScanId> scanId() {
        return Optional.of(new ScanId(scan));
    }

    @Override
    public EventOrder order() {
        return EventOrder.of(seriesRevision, exportRevision);
    }

    @Override
    public String summary() {
        return "Series " + scan + " export: " + Summaries.words(outcome) + ", " + products.size() + " images"
                + renewal.or(() -> reason).map(Summaries::because).orElse("");
    }
}
