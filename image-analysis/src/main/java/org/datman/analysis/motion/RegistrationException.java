package org.datman.analysis.motion;

/** An image that cannot serve as a reference for registration. */
public class RegistrationException extends Exception {

    private final String reason;

    public RegistrationException(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    public RegistrationException(String reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Short lower snake case reason, fit for a metric that is null. */
    public String reason() {
        return reason;
    }
}
