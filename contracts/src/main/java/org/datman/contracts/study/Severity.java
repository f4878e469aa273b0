package org.datman.contracts.study;

import org.datman.contracts.tree.Words;

/** How much a header difference weighs: only noted, a warning, or a flag that a person must clear. */
public enum Severity {
    NOTE,
    WARN,
    FLAG;

    public String key() {
        return Words.key(this);
    }
}
