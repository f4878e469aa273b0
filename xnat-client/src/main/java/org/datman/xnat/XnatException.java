package org.datman.xnat;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** XNAT did not return what was requested. The type states what can be done about it. */
public sealed class XnatException extends RuntimeException permits XnatOutage, XnatDenied, XnatGone, XnatProtocol {

    protected XnatException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** What happened; never null, unlike that of other exceptions. */
    @Override
    public String getMessage() {
        return Objects.requireNonNullElse(super.getMessage(), "");
    }
}
