package org.datman.contracts.study;

/** How much a header difference weighs: only noted, a warning, or a flag that a person must clear. */
public enum Severity {
    NOTE,
    WARN,
    FLAG;

    public String key() {
        return QuotedList.key(this);
    }
}
