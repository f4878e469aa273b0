package org.datman.export.download;

import org.datman.contracts.event.Reason;

/** The files cannot be had as XNAT lists them; trying again alone will not change that. */
public final class DownloadException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Reason reason;

    public DownloadException(Reason reason) {
        super(reason.message());
        this.reason = reason;
    }

    /** What, where, and what to do about it. */
    public Reason reason() {
        return reason;
    }
}
