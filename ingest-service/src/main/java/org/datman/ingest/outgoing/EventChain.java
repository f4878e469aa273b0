package org.datman.ingest.outgoing;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The causal chain of an event.
 *
 * @param correlation shared by all events caused by one webhook, sweep or request
 * @param cause id of the event that requested it; null when none did
 * @param since when the first notification came that led to it; null when no notification is known
 */
public record EventChain(
        String correlation,
        @Nullable String cause,
        @Nullable Instant since) {

    /** One without a known notification. */
    public EventChain(String correlation, @Nullable String cause) {
        this(correlation, cause, null);
    }

    /** A chain that no event caused. */
    public static EventChain first(String correlation) {
        return new EventChain(correlation, null);
    }

    /** The event that requested it, if any. */
    public Optional<String> causation() {
        return Optional.ofNullable(cause);
    }
}
