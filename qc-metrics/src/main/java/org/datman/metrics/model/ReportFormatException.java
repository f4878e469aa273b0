package org.datman.metrics.model;

/** A metrics.json that cannot be read; the message says what is wrong and where. */
public class ReportFormatException extends Exception {

    public ReportFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
