package org.datman.contracts.study;

/** The worst QC verdict with which an image may still enter a pipeline. */
public enum RequiredVerdict {
    PASS,
    WARN,
    ANY;

    public String key() {
        return QuotedList.key(this);
    }
}
