package org.datman.ingest.redcap;

import org.datman.contracts.event.Reason;

/** REDCap could not be read. */
final class RedcapException extends Exception {

    /** Code of the reason when REDCap answers that it does not export what was asked for. */
    static final String REFUSED = "redcap-refused";

    private static final long serialVersionUID = 1;

    private final transient Reason reason;

    RedcapException(Reason reason) {
        super(reason.message());
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }

    /** Whether REDCap answered, and refuses what was asked for. */
    boolean isRefusal() {
        return reason.code().equals(REFUSED);
    }
}
