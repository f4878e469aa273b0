package org.datman.simulator.archive;

/** The archive refuses something; `status` is the HTTP status that XNAT gives for it. */
public final class ArchiveException extends RuntimeException {
    private final int status;

    public ArchiveException(int status, String message) {
        super(message);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
