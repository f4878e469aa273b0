package org.datman.bids.expression;

/** The two kinds of no value that the language has, as JavaScript does: a null that is there, and nothing there at all. */
public enum Absent {
    NULL,
    UNDEFINED
}
