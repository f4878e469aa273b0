package org.datman.xnat;

import org.jspecify.annotations.Nullable;

/** XNAT or the network is down or overloaded: no connection, no response in time, 408, 429, 5xx. A later retry can help. */
public final class XnatOutage extends XnatException {

    public XnatOutage(String message) {
        super(message, null);
    }

    public XnatOutage(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
