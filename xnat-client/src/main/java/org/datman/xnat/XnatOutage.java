package org.datman.xnat;

/** XNAT or the way to it is away or overloaded: no connection, no answer in time, 408, 429, 5xx. Trying later helps. */
public final class XnatOutage extends XnatException {

    public XnatOutage(String message) {
        super(message, null);
    }

    public XnatOutage(String message, Throwable cause) {
        super(message, cause);
    }
}
