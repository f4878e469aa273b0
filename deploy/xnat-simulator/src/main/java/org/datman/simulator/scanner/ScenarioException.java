package org.datman.simulator.scanner;

/** A scenario file that cannot be used. The message names file, line, key and what is allowed. */
public final class ScenarioException extends IllegalArgumentException {
    public ScenarioException(String message) {
        super(message);
    }

    public ScenarioException(String message, Throwable cause) {
        super(message, cause);
    }
}
