package org.datman.contracts.study;

import org.datman.contracts.tree.Words;

/** How much a finding or a header difference weighs: only noted, a warning, or a flag that a person must clear. */
public enum Severity {
    /** Reported only. */
    NOTE,
    /** A person should look at it. */
    WARN,
    /** The series is damaged, or does not follow the protocol. */
    FLAG;

    /** As written in YAML, in metrics.json and in events. */
    public String key() {
        return Words.key(this);
    }

    /** Whether a person should look at it. */
    public boolean matters() {
        return this != NOTE;
    }
}
