package org.datman.contracts.naming;

/** Which identifier grammar applies: {@code IdType} of an id mapping. */
public enum IdType {
    /** DATMAN is tried first, then KCNI. */
    AUTO,
    DATMAN,
    KCNI
}
