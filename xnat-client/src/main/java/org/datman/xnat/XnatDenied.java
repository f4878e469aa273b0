package org.datman.xnat;

/** XNAT refuses this account: wrong, expired or locked credentials, or a right that is missing. A person has to act; trying again at once could lock the account. */
public final class XnatDenied extends XnatException {

    public XnatDenied(String message) {
        super(message, null);
    }

    public XnatDenied(String message, Throwable cause) {
        super(message, cause);
    }
}
