package org.datman.metrics.dwi;

/** A gradient table that cannot be read: what, in which file, at which place. */
public class GradientTableException extends Exception {

    private static final long serialVersionUID = 1L;

    public GradientTableException(String message) {
        super(message);
    }

    public GradientTableException(String message, Throwable cause) {
        super(message, cause);
    }
}
