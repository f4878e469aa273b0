package org.datman.xnat;

/** XNAT does not have it: 404 while the login was proven valid. An object that this account may no longer read looks the same. */
public final class XnatGone extends XnatException {

    public XnatGone(String message) {
        super(message, null);
    }

    public XnatGone(String message, Throwable cause) {
        super(message, cause);
    }
}
