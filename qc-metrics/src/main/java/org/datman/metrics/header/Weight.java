package org.datman.metrics.header;

/** How much it matters that a field differs. */
public enum Weight {
    /** The series is not what the protocol asks for; a person must look. */
    BLOCK,
    /** Worth a warning. */
    WARN,
    /** Told, no more. */
    INFO,
    /** Expected to move; its course over time is what matters. */
    TRACK;

    /** Whether a difference of this weight makes two headers differ. */
    public boolean matters() {
        return this == BLOCK || this == WARN;
    }
}
