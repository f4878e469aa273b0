package org.datman.pipeline.bids;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.ScanId;
import org.datman.contracts.study.BidsRule;
import org.datman.imaging.nifti.NiftiHeader;
import org.jspecify.annotations.Nullable;

/**
 * An exported image that the study wants in its BIDS dataset.
 *
 * @param scan XNAT's id of its scan
 * @param stem its name in the archive
 * @param rule where it goes
 * @param whole whether its series was complete
 * @param files in the archive
 * @param sidecar as the converter wrote it; empty where there is none
 * @param header of the NIfTI; null when it cannot be read
 * @param acquired when it was acquired, in the scanner's local time, from the DICOM header; null when it is not known
 * @param measured whether the study measures it
 * @param verdict of QC on exactly these bytes; null when there is none
 * @param review the last valid decision of a person; null when there is none
 * @param metrics the numbers that QC found, by key
 */
record BidsImage(
        ScanId scan,
        String stem,
        String tag,
        BidsRule rule,
        boolean whole,
        List<FileRef> files,
        ObjectNode sidecar,
        @Nullable NiftiHeader header,
        @Nullable LocalDateTime acquired,
        boolean measured,
        QcComplete.@Nullable Verdict verdict,
        QcReviewed.@Nullable Decision review,
        Map<String, Double> metrics) {

    private static final Comparator<BidsImage> BY_SCAN =
            Comparator.comparing(BidsImage::scan).thenComparing(BidsImage::stem);

    /**
     * The images in the order of acquisition: by time when it is known of all, otherwise by number of the scan, which scanners give in
     * the same order.
     */
    static List<BidsImage> inOrder(List<BidsImage> images) {
        List<BidsImage> sorted = new ArrayList<>(images);
        boolean timed = images.stream().allMatch(image -> image.acquired != null);
        sorted.sort(
                timed
                        ? Comparator.comparing((BidsImage image) -> image.time().orElseThrow())
                                .thenComparing(BY_SCAN)
                        : BY_SCAN);
        return List.copyOf(sorted);
    }

    BidsImage withSidecar(ObjectNode other) {
        return new BidsImage(
                scan, stem, tag, rule, whole, files, other, header, acquired, measured, verdict, review, metrics);
    }

    Optional<LocalDateTime> time() {
        return Optional.ofNullable(acquired);
    }

    Optional<FileRef> file(FileRole role) {
        return files.stream().filter(file -> file.role() == role).findFirst();
    }

    /** Whether it may be used without further question once the session is signed off. */
    boolean isPassed() {
        if (review != null) {
            return review == QcReviewed.Decision.PASS;
        }
        boolean good = verdict == null ? !measured : verdict.level().compareTo(QcComplete.Level.WARN) <= 0;
        return whole && good;
    }

    Optional<String> text(String field) {
        return Optional.ofNullable(sidecar.path(field).textValue());
    }

    /** A positive number of the sidecar. */
    Optional<Double> positive(String field) {
        double value = sidecar.path(field).asDouble(0);
        return sidecar.path(field).isNumber() && value > 0 ? Optional.of(value) : Optional.empty();
    }
}
