package org.datman.xnat;

import org.jspecify.annotations.Nullable;

/**
 * XNAT refuses this account: wrong, expired or locked credentials, or a missing permission. A person has to act; an
 * immediate retry could lock the account.
 */
public final class XnatDenied extends XnatException {

    private final boolean account;

    private XnatDenied(String message, @Nullable Throwable cause, boolean account) {
        super(message, cause);
        this.account = account;
    }

    /** The account as a whole cannot be used. */
    public static XnatDenied account(String message, @Nullable Throwable cause) {
        return new XnatDenied(message, cause, true);
    }

    /** The account lacks the permission for one object. */
    public static XnatDenied thing(String message) {
        return new XnatDenied(message, null, false);
    }

    /** Whether the account as a whole cannot be used, so that no other request can succeed. */
    public boolean isAccount() {
        return account;
    }
}
