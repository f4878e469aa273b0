package org.datman.contracts.event;

import java.util.Objects;

/**
 * Why something is as it is, as text for a person.
 *
 * @param code stable, lower-case with dashes, for filters and tests: {@code label-not-in-grammar}
 * @param message what is wrong and where; never contains a patient's name
 * @param action what a person can do about it; empty when nothing needs doing
 */
public record Reason(String code, String message, String action) {
    public Reason {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(message, "message");
        action = action == null ? "" : action;
    }

    /** A reason without an action. */
    public static Reason of(String code, String message) {
        return new Reason(code, message, "");
    }
}
