package org.datman.contracts.event;

/** A record that cannot be read as an event. The message states which attribute or field is wrong and what was expected. */
public class EventFormatException extends Exception {

    private static final long serialVersionUID = 1L;

    public EventFormatException(String message) {
        super(message);
    }

    public EventFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
