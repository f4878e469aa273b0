package org.datman.header;

/** How much it matters that a field differs. */
public enum Weight {
    /** The series does not follow the protocol; a person must look at it. */
    BLOCK,
    /** Worth a warning. */
    WARN,
    /** Reported only. */
    INFO,
    /** Expected to vary; its change over time matters. */
    TRACK;

    /** Whether a difference of this weight makes two headers differ. */
    public boolean matters() {
        return this == BLOCK || this == WARN;
    }
}
