package org.datman.contracts.study;

import org.datman.contracts.tree.Words;

/** What is kept of a series. */
public enum Format {
    NII,
    DCM;

    public String key() {
        return Words.key(this);
    }
}
