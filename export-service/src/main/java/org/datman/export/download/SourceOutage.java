package org.datman.export.download;

import org.datman.platform.event.OutageException;

/** The server that has the files does not deliver them now, or they change while they are read. */
public final class SourceOutage extends OutageException {

    private static final long serialVersionUID = 1L;

    public SourceOutage(String message, Throwable cause) {
        super(message, cause);
    }

    SourceOutage(String message) {
        super(message);
    }
}
