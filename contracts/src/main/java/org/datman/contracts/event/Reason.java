package org.datman.contracts.event;

import java.util.Objects;

/**
 * Why something is as it is, in words for a person.
 *
 * @param code stable, lower-case with dashes, for filters and tests: {@code label-not-in-grammar}
 * @param message what is the matter and where; never holds a patient's name
 * @param action what a person can do about it; empty when nothing needs doing
 */
public record Reason(String code, String message, String action) {
    public Reason {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(message, "message");
        action = action == null ? "" : action;
    }

    /** A reason that asks nothing of anybody. */
    public static Reason of(String code, String message) {
        return new Reason(code, message, "");
    }
}
