package org.datman.ingest.queue;

import java.util.Optional;
import org.datman.contracts.event.SessionRef;
import org.datman.ingest.outgoing.EventChain;

/**
 * A queue entry claimed by a worker.
 *
 * @param generation generation of the notifications it covers; a newer one causes another read
 * @param owner owner of its lease: proves that the worker still holds it
 * @param attempts how often reading failed before
 */
public record SyncTask(
        SessionRef ref,
        SessionHint.Origin origin,
        EventChain chain,
        boolean sayAgain,
        Optional<String> scan,
        long generation,
        String owner,
        int attempts) {}
