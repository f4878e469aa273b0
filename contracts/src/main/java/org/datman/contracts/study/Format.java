package org.datman.contracts.study;

/** What is kept of a series. */
public enum Format {
    NII,
    DCM;

    public String key() {
        return QuotedList.key(this);
    }
}
