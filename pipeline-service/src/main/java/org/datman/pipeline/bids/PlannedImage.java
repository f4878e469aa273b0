package org.datman.pipeline.bids;

import java.util.List;
import org.datman.contracts.event.FileRole;

/**
 * An image of the dataset, with its completed sidecar.
 *
 * @param changes what was changed in the sidecar, as sentences
 */
record PlannedImage(BidsImage image, BidsPath path, List<String> changes) {

    /** The ending of the image itself. */
    String extension() {
        return image.file(FileRole.NIFTI)
                .filter(file -> file.path().endsWith(".nii"))
                .map(file -> ".nii")
                .orElse(".nii.gz");
    }

    /** In the session folder: {@code anat/sub-CMH0001_ses-01_T1w.nii.gz}. */
    String imagePath() {
        return path.withExtension(extension());
    }
}
