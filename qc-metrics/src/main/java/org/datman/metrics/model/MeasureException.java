package org.datman.metrics.model;

/** A series that cannot be measured; the message states what, where and what to do, and contains no header free text. */
public class MeasureException extends Exception {

    public MeasureException(String message) {
        super(message);
    }

    public MeasureException(String message, Throwable cause) {
        super(message, cause);
    }
}
