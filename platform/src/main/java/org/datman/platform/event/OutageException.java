package org.datman.platform.event;

/**
 * An external system (XNAT, PostgreSQL, Kafka, the disk) is unavailable or full. The event waits and is retried, for any length
 * of time; nothing is dead-lettered.
 */
public class OutageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public OutageException(String message, Throwable cause) {
        super(message, cause);
    }

    public OutageException(String message) {
        super(message);
    }
}
