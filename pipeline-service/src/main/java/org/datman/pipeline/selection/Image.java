package org.datman.pipeline.selection;

import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.jspecify.annotations.Nullable;

/**
 * An exported image of a session.
 *
 * @param measured whether the study measures it at all
 * @param partial whether it was made from an incomplete series
 * @param verdict of QC on exactly these bytes, or null when there is none
 * @param review the last valid review decision, or null
 */
public record Image(
        String stem,
        String tag,
        boolean measured,
        boolean partial,
        List<FileRef> files,
        QcComplete.@Nullable Verdict verdict,
        QcReviewed.@Nullable Decision review) {

    /** The file of a role in a study's rule: {@code nii, json, bval, bvec, dcm}. */
    Optional<FileRef> file(String ruleRole) {
        FileRole role =
                switch (ruleRole) {
                    case "nii" -> FileRole.NIFTI;
                    case "json" -> FileRole.SIDECAR;
                    case "dcm" -> FileRole.DICOM;
                    default -> FileRole.of(ruleRole);
                };
        return files.stream().filter(file -> file.role() == role).findFirst();
    }
}
