package org.datman.contracts.study;

import org.datman.contracts.tree.Words;

/** What is kept of a series. */
public enum Format {
    NII,
    DCM;

    private final String key = Words.key(this);

    public String key() {
        return key;
    }
}
