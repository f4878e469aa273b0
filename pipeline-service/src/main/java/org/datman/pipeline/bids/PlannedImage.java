package org.datman.pipeline.bids;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.datman.contracts.event.FileRole;

/**
 * An image of the dataset, with its completed sidecar.
 *
 * @param changes what was changed in the sidecar, as sentences
 * @param contradictions fields that the study file gives another value than the header has, as sentences
 */
record PlannedImage(BidsImage image, BidsPath path, List<String> changes, List<String> contradictions) {

    /** The ending of the image itself. */
    String extension() {
        return image.file(FileRole.NIFTI)
                .filter(file -> file.path().endsWith(".nii"))
                .map(file -> ".nii")
                .orElse(".nii.gz");
    }

    PlannedImage with(ObjectNode sidecar, List<String> allChanges) {
        return new PlannedImage(image.withSidecar(sidecar), path, List.copyOf(allChanges), contradictions);
    }

    /** Whether a file of the session folder belongs to it. */
    boolean owns(String file) {
        return path.owns(file);
    }

    /** The events of the run, which all its echoes and parts have in common. */
    String events() {
        return path.events().toString();
    }

    /** The types of the volumes of an ASL series. */
    String aslContext() {
        return path.withSuffix("aslcontext").toString();
    }

    /** In the session folder: {@code anat/sub-CMH0001_ses-01_T1w.nii.gz}. */
    String imagePath() {
        return path.withExtension(extension());
    }
}
