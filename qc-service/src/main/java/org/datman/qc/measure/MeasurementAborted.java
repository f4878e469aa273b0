package org.datman.qc.measure;

import org.datman.contracts.event.Reason;
import org.jspecify.annotations.Nullable;

/** An image has no new result, for a reason that says nothing about the image: the previous result stays. */
class MeasurementAborted extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Reason reason;

    MeasurementAborted(Reason reason, @Nullable Throwable cause) {
        super(reason.code() + ": " + reason.message(), cause);
        this.reason = reason;
    }

    /** What, where, and what to do about it. */
    Reason reason() {
        return reason;
    }
}
