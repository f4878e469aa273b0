package org.datman.pipeline.bids;

import java.util.List;
import org.datman.contracts.naming.DatmanId;

/**
 * A session with all that its part of the BIDS dataset follows from.
 *
 * @param study code of the study, the folder in the archive
 * @param id DATMAN's name of the session, taken apart
 * @param site code of its site
 * @param signedOff whether a person signed the session off as it is
 * @param images those that the study wants in BIDS
 * @param leftOut what is not among them, and why
 * @param events of its runs, made of behavioural files
 * @param files behavioural files that are not among them, and why
 * @param supplied what came as BIDS
 */
record BidsSession(
        String study,
        DatmanId id,
        String site,
        boolean signedOff,
        List<BidsImage> images,
        List<LeftOut> leftOut,
        List<TaskEvents> events,
        List<LeftOut> files,
        SuppliedSession supplied) {

    BidsSession {
        images = List.copyOf(images);
        leftOut = List.copyOf(leftOut);
        events = List.copyOf(events);
        files = List.copyOf(files);
    }

    /** A copy with what came as BIDS. */
    BidsSession with(SuppliedSession came) {
        return new BidsSession(study, id, site, signedOff, images, leftOut, events, files, came);
    }

    /** Folder of the dataset in the folder of the study. Phantoms have a dataset of their own. */
    String dataset() {
        return id.isPhantom() ? "bids-phantoms" : "bids";
    }

    /** {@code sub-CMH0001}. */
    String subject() {
        return "sub-" + id.bidsSubject();
    }

    /** {@code ses-01}. */
    String session() {
        return "ses-" + id.bidsSession();
    }

    /** {@code sub-CMH0001/ses-01}. */
    String folder() {
        return subject() + "/" + session();
    }

    /** The beginning of its files' names: {@code sub-CMH0001_ses-01_}. */
    String prefix() {
        return subject() + "_" + session() + "_";
    }
}
