package org.datman.export.download;

import org.datman.contracts.event.Reason;

/** The files cannot be downloaded as XNAT lists them; a retry alone will not help. */
public final class DownloadException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Reason reason;

    public DownloadException(Reason reason) {
        super(reason.message());
        this.reason = reason;
    }

    /** The error, where it occurred, and what to do about it. */
    public Reason reason() {
        return reason;
    }
}
