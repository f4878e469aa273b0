package org.datman.pipeline.container;

import org.datman.contracts.event.Reason;

/** A tool cannot run in its container, for a reason that waiting does not change. */
public final class ContainerException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Reason reason;

    ContainerException(Reason reason) {
        super(reason.message());
        this.reason = reason;
    }

    /** Why, and what to do about it. */
    public Reason reason() {
        return reason;
    }
}
