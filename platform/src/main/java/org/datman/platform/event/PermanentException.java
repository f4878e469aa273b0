package org.datman.platform.event;

import org.datman.contracts.event.Reason;

/** What can never succeed as things are. The event is dead-lettered and a {@code processing-failed} tells people why. */
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

    /** What, where, and what to do about it. */
    public Reason reason() {
        return reason;
    }
}
