package org.datman.contracts.study;

/** Which images of a series a tag means, where one series holds several kinds. */
public enum Part {
    MAGNITUDE,
    PHASE,
    REAL,
    IMAGINARY,
    /** A field map in Hz or rad/s. */
    FIELDMAP;

    public String key() {
        return QuotedList.key(this);
    }
}
