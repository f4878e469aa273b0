package org.datman.contracts.study;

import org.datman.contracts.tree.Words;

/** Which images of a series a tag means, where one series holds several kinds. */
public enum Part {
    MAGNITUDE,
    PHASE,
    REAL,
    IMAGINARY,
    /** A field map in Hz or rad/s. */
    FIELDMAP;

    private final String key = Words.key(this);

    public String key() {
        return key;
    }
}
