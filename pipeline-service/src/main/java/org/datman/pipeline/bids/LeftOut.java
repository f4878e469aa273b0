package org.datman.pipeline.bids;

import org.datman.contracts.event.Reason;

/**
 * An image that is not in the BIDS dataset.
 *
 * @param stem its name in the archive; the path of a file that is no image
 * @param fault whether that is a fault, and not what the study or a person wants
 */
record LeftOut(String stem, boolean fault, Reason reason) {

    /** Code of what gives way to a file that came as BIDS. */
    static final String CAME_AS_BIDS = "came-as-bids";

    static LeftOut wanted(String stem, String code, String message) {
        return new LeftOut(stem, false, Reason.of(code, message));
    }

    static LeftOut fault(String stem, String code, String message) {
        return new LeftOut(stem, true, Reason.of(code, message));
    }
}
