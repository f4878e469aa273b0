package org.datman.ingest.published;

import java.time.Duration;
import java.time.Instant;

/**
 * When a session counts as settled. Pure.
 *
 * @param quiet time without changes
 * @param cap maximum wait since the first change after it last settled
 */
public record SettlePolicy(Duration quiet, Duration cap) {

    /** When it will settle if nothing more changes. */
    public Instant deadline(Instant lastChange, Instant capAt) {
        Instant quietAt = lastChange.plus(quiet);
        return quietAt.isBefore(capAt) ? quietAt : capAt;
    }

    /** Whether waiting ended because of the cap and not because of quiet. */
    public boolean timedOut(Instant lastChange, Instant now) {
        return now.isBefore(lastChange.plus(quiet));
    }
}
