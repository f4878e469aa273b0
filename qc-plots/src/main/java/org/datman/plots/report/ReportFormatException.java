package org.datman.plots.report;

/** A metrics.json that cannot be read; the message states the fault and its place. */
public class ReportFormatException extends Exception {

    public ReportFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
