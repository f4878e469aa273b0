package org.datman.export.series;

import org.datman.contracts.event.Reason;

/** The series' own data cannot be exported as they are. Told as an outcome; everything else goes on. */
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
