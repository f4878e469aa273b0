package org.datman.ingest.queue;

import java.util.Optional;
import java.util.UUID;
import org.datman.contracts.event.SessionRef;
import org.datman.ingest.outgoing.EventChain;

/**
 * A hint that a worker holds.
 *
 * @param generation the hints that it answers; a newer one makes the session be read again
 * @param lease proof that the worker still holds it
 * @param attempts how often reading failed before
 */
public record SyncTask(
        SessionRef ref,
        SessionHint.Origin origin,
        EventChain chain,
        boolean sayAgain,
        Optional<String> scan,
        long generation,
        UUID lease,
        int attempts) {}
