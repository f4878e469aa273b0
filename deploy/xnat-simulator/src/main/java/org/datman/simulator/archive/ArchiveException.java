package org.datman.simulator.archive;

import org.datman.simulator.http.Refusal;

/** The archive rejects a request; {@code status} is the HTTP status that XNAT gives for it. */
public final class ArchiveException extends Refusal {
    private static final long serialVersionUID = 1;

    public ArchiveException(int status, String message) {
        super(status, message);
    }
}
