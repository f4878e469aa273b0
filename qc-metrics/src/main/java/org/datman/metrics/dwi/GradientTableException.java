package org.datman.metrics.dwi;

/** A gradient table that cannot be read: the fault, the file and the place. */
public class GradientTableException extends Exception {

    private static final long serialVersionUID = 1L;

    public GradientTableException(String message) {
        super(message);
    }

    public GradientTableException(String message, Throwable cause) {
        super(message, cause);
    }
}
