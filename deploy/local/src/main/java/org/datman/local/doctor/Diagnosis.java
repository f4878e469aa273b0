package org.datman.local.doctor;

/**
 * What one check found.
 *
 * @param what was looked at
 * @param found in words
 * @param advice what to do; empty text when it is as it should be
 */
public record Diagnosis(Level level, String what, String found, String advice) {

    /** How much it matters. */
    public enum Level {
        /** As it should be. */
        OK,
        /** DATMAN works, but something is missing or will go wrong. */
        WARNING,
        /** DATMAN cannot work like this. */
        ERROR
    }

    static Diagnosis ok(String what, String found) {
        return new Diagnosis(Level.OK, what, found, "");
    }

    static Diagnosis warning(String what, String found, String advice) {
        return new Diagnosis(Level.WARNING, what, found, advice);
    }

    static Diagnosis error(String what, String found, String advice) {
        return new Diagnosis(Level.ERROR, what, found, advice);
    }
}
