package org.datman.ingest.queue;

/** Why a session is read. */
public enum SyncOrigin {
    WEBHOOK,
    /** A change that the server numbers. */
    FEED,
    SWEEP,
    FULL_SWEEP,
    SETTLE,
    REQUEST,
    CONFIGURATION
}
