package org.datman.pipeline.bids;

import java.util.List;
import java.util.Optional;

/**
 * The files of a session, in the raw dataset and in that of QC.
 *
 * @param raw files of {@code rawbids/sub-…/ses-…}
 * @param qc files of {@code derivatives/datman-qc/sub-…/ses-…}
 * @param images in the order of acquisition
 * @param leftOut images that are not in the dataset, and why
 * @param files behavioural files that are not, and why
 * @param supplied files of {@code raw} that came as BIDS and are as they came
 * @param refused why those that came are not in the dataset; empty when they are, or none came
 */
record SessionPlan(
        BidsSession session,
        List<PlannedFile> raw,
        List<PlannedFile> qc,
        List<PlannedImage> images,
        List<LeftOut> leftOut,
        List<LeftOut> files,
        List<PlannedFile> supplied,
        List<String> refused) {

    /** The run that events belong to; empty where none of its images is in the dataset. */
    Optional<PlannedImage> run(TaskEvents events) {
        return images.stream().filter(events::isOf).findFirst();
    }

    boolean isEmpty() {
        return images.isEmpty() && supplied.isEmpty();
    }
}
