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
 * An acquired image that the study wants in its BIDS dataset.
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
 * @param absent why it cannot be in the dataset, such as a damaged file; it keeps its place among the runs. Null when it can
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
        Map<String, Double> metrics,
        @Nullable LeftOut absent) {

    /** Field of the sidecar: what the checks of the tag found about the series. */
    static final String FAILED_CHECKS = "FailedChecks";

    private static final Comparator<BidsImage> BY_SCAN =
            Comparator.comparing(BidsImage::scan).thenComparing(BidsImage::stem);

    /**
     * The images in the order of acquisition: by time when it is known of all that can be in the dataset, otherwise by number of the scan,
     * which scanners give in the same order. Of the others one without a time comes after the scan before it.
     */
    static List<BidsImage> inOrder(List<BidsImage> images) {
        if (images.stream().anyMatch(image -> image.acquired == null && image.absent == null)) {
            return images.stream().sorted(BY_SCAN).toList();
        }
        List<BidsImage> sorted = new ArrayList<>(images.stream()
                .filter(image -> image.acquired != null)
                .sorted(Comparator.comparing((BidsImage image) -> image.time().orElseThrow())
                        .thenComparing(BY_SCAN))
                .toList());
        images.stream().filter(image -> image.acquired == null).sorted(BY_SCAN).forEach(image -> {
            int at = sorted.size();
            while (at > 0 && BY_SCAN.compare(sorted.get(at - 1), image) > 0) {
                at--;
            }
            sorted.add(at, image);
        });
        return List.copyOf(sorted);
    }

    /** What keeps it out of the dataset, if anything does. */
    Optional<LeftOut> findAbsent() {
        return Optional.ofNullable(absent);
    }

    BidsImage withSidecar(ObjectNode other) {
        return new BidsImage(
                scan, stem, tag, rule, whole, files, other, header, acquired, measured, verdict, review, metrics,
                absent);
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

    /** How many volumes it has; 0 when its header cannot be read. */
    long volumes() {
        return header == null ? 0 : header.volumeCount();
    }

    Optional<String> text(String field) {
        return Optional.ofNullable(sidecar.path(field).textValue());
    }

    /** What the checks of its tag found about its series; empty when all hold. */
    List<String> failedChecks() {
        List<String> failed = new ArrayList<>();
        sidecar.path(FAILED_CHECKS).forEach(check -> failed.add(check.asText()));
        return failed;
    }

    /** A positive number of the sidecar. */
    Optional<Double> positive(String field) {
        double value = sidecar.path(field).asDouble(0);
        return sidecar.path(field).isNumber() && value > 0 ? Optional.of(value) : Optional.empty();
    }
}
