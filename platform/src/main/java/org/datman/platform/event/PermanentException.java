package org.datman.platform.event;

import org.datman.contracts.event.Reason;

/** A failure that a retry cannot fix. The event is dead-lettered and a {@code processing-failed} reports the reason. */
public class PermanentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Reason reason;

    public PermanentException(Reason reason) {
        super(reason.code() + ": " + reason.message());
        this.reason = reason;
    }

    public PermanentException(Reason reason, Throwable cause) {
        super(reason.code() + ": " + reason.message(), cause);
        this.reason = reason;
    }

    /** The error, where it occurred, and what to do about it. */
    public Reason reason() {
        return reason;
    }
}
