package org.datman.xnat;

/** XNAT did not give what was asked. The kind says what can be done about it. */
public sealed class XnatException extends RuntimeException permits XnatOutage, XnatDenied, XnatGone, XnatProtocol {

    protected XnatException(String message, Throwable cause) {
        super(message, cause);
    }
}
