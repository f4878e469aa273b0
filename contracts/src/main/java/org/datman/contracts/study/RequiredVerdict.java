package org.datman.contracts.study;

import org.datman.contracts.tree.Words;

/** The worst QC verdict with which an image may still enter a pipeline. */
public enum RequiredVerdict {
    PASS,
    WARN,
    ANY;

    public String key() {
        return Words.key(this);
    }
}
