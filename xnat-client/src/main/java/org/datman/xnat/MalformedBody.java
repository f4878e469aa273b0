package org.datman.xnat;

import java.io.IOException;

/** A body that is not what was expected; worth one more request, but no outage. */
final class MalformedBody extends IOException {

    MalformedBody(String message) {
        super(message);
    }

    MalformedBody(String message, Throwable cause) {
        super(message, cause);
    }
}
