package org.datman.xnat;

/** XNAT did not return what was requested. The type states what can be done about it. */
public sealed class XnatException extends RuntimeException permits XnatOutage, XnatDenied, XnatGone, XnatProtocol {

    protected XnatException(String message, Throwable cause) {
        super(message, cause);
    }
}
