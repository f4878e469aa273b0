package org.datman.ingest.queue;

import java.util.Optional;
import org.datman.contracts.event.SessionRef;
import org.datman.ingest.outgoing.EventChain;
import org.jspecify.annotations.Nullable;

/**
 * A queue entry claimed by a worker.
 *
 * @param republish whether to publish everything again, changed or not
 * @param onlyScan publish only this scan again; null for all
 * @param generation generation of the notifications it covers; a newer one causes another read
 * @param owner owner of its lease: proves that the worker still holds it
 * @param attempts how often reading failed before
 */
public record SyncTask(
        SessionRef ref,
        SyncOrigin origin,
        EventChain chain,
        boolean republish,
        @Nullable String onlyScan,
        long generation,
        String owner,
        int attempts) {

    /** The only scan to be published again; empty for all. */
    public Optional<String> scan() {
        return Optional.ofNullable(onlyScan);
    }
}
