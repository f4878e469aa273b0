package org.datman.xnat;

/** XNAT's response violates its interface, also after a retry: no JSON, a wrong structure, a 4xx that a retry does not change. */
public final class XnatProtocol extends XnatException {

    public XnatProtocol(String message) {
        super(message, null);
    }

    public XnatProtocol(String message, Throwable cause) {
        super(message, cause);
    }
}
