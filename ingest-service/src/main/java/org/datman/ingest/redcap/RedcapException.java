package org.datman.ingest.redcap;

import org.datman.contracts.event.Reason;

/** REDCap could not be read. */
final class RedcapException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient Reason reason;

    RedcapException(Reason reason) {
        super(reason.message());
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
