package org.datman.export.series;

import org.datman.contracts.event.Reason;

/** The data of the series cannot be exported. Published as an outcome; other work continues. */
final class SeriesFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Reason reason;

    SeriesFailure(Reason reason) {
        super(reason.message());
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
