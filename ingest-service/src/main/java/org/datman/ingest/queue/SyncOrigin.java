package org.datman.ingest.queue;

/** Why a session is read. */
public enum SyncOrigin {
    WEBHOOK,
    SWEEP,
    FULL_SWEEP,
    SETTLE,
    REQUEST,
    CONFIGURATION
}
