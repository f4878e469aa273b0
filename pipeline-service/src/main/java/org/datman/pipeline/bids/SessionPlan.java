package org.datman.pipeline.bids;

import java.util.List;
import java.util.Optional;
import org.datman.pipeline.selection.BidsContent;

/**
 * The files of a session, in the raw dataset and in that of QC.
 *
 * @param raw files of {@code rawbids/sub-…/ses-…}
 * @param qc files of {@code derivatives/datman-qc/sub-…/ses-…}
 * @param images in the order of acquisition
 * @param fieldMaps which of them corrects which
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
        FieldMaps fieldMaps,
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

    /** What tools get of it. Without the table of scans: it changes with each verdict, and no result with it. */
    BidsContent content() {
        String root = session.study() + "/" + session.dataset() + "/" + DatasetFiles.RAW;
        String scans = session.prefix() + "scans.";
        return new BidsContent(
                root,
                raw.stream()
                        .filter(file -> !file.path().startsWith(scans))
                        .map(file -> new BidsContent.Entry(
                                file.in(root + "/" + session.folder()),
                                images.stream()
                                        .filter(image -> image.owns(file.path())
                                                || file.path().startsWith(image.events() + "."))
                                        .map(image -> image.image().stem())
                                        .toList()))
                        .toList(),
                fieldMaps.found(session.images(), leftOut));
    }
}
