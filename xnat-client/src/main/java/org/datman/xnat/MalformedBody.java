package org.datman.xnat;

import java.io.IOException;

/** An unexpected body; worth one retry, but no outage. */
final class MalformedBody extends IOException {

    MalformedBody(String message) {
        super(message);
    }

    MalformedBody(String message, Throwable cause) {
        super(message, cause);
    }
}
