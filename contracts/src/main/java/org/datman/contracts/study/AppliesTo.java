package org.datman.contracts.study;

import org.datman.contracts.tree.Words;

/** Whether a rule is for sessions of people, of phantoms, or both. */
public enum AppliesTo {
    PEOPLE,
    PHANTOMS,
    BOTH;

    public boolean covers(boolean phantom) {
        return this == BOTH || (this == PHANTOMS) == phantom;
    }

    public String key() {
        return Words.key(this);
    }
}
