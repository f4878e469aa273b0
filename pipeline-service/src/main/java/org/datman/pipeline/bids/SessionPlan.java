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
 */
record SessionPlan(
        BidsSession session,
        List<PlannedFile> raw,
        List<PlannedFile> qc,
        List<PlannedImage> images,
        List<LeftOut> leftOut,
        List<LeftOut> files) {

    /** The run that events belong to; empty where none of its images is in the dataset. */
    Optional<PlannedImage> run(TaskEvents events) {
        return images.stream()
                .filter(image -> image.image().scan().equals(events.scan())
                        && image.image().tag().equals(events.tag()))
                .findFirst();
    }

    boolean isEmpty() {
        return images.isEmpty();
    }
}
