package org.datman.bids.validation;

/** An error breaks the standard; a warning names something that is recommended. */
public enum FindingSeverity {
    ERROR,
    WARNING
}
