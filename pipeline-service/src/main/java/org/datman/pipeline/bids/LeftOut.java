package org.datman.pipeline.bids;

import org.datman.contracts.event.Reason;

/**
 * An image that is not in the BIDS dataset.
 *
 * @param stem its name in the archive
 * @param fault whether that is a fault, and not what the study or a person wants
 */
record LeftOut(String stem, boolean fault, Reason reason) {

    static LeftOut wanted(String stem, String code, String message) {
        return new LeftOut(stem, false, Reason.of(code, message));
    }

    static LeftOut fault(String stem, String code, String message) {
        return new LeftOut(stem, true, Reason.of(code, message));
    }
}
