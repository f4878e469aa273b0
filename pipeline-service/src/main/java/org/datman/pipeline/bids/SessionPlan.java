package org.datman.pipeline.bids;

import java.util.List;

/**
 * The files of a session, in the raw dataset and in that of QC.
 *
 * @param raw files of {@code rawbids/sub-…/ses-…}
 * @param qc files of {@code derivatives/datman-qc/sub-…/ses-…}
 * @param images in the order of acquisition
 * @param leftOut images that are not in the dataset, and why
 */
record SessionPlan(
        BidsSession session,
        List<PlannedFile> raw,
        List<PlannedFile> qc,
        List<PlannedImage> images,
        List<LeftOut> leftOut) {

    boolean isEmpty() {
        return images.isEmpty();
    }
}
