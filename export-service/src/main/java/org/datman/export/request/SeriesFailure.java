package org.datman.export.request;

import org.datman.contracts.event.Reason;

/** The data of the series cannot be exported. Published as an outcome; other work continues. */
public final class SeriesFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Reason reason;

    public SeriesFailure(Reason reason) {
        super(reason.message());
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
