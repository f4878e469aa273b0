package org.datman.xnat;

/** XNAT answered something that is not what its interface promises, also when asked again: no JSON, a wrong shape, a 4xx that trying again does not change. */
public final class XnatProtocol extends XnatException {

    public XnatProtocol(String message) {
        super(message, null);
    }

    public XnatProtocol(String message, Throwable cause) {
        super(message, cause);
    }
}
