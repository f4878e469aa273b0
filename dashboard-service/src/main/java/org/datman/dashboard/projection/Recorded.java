package org.datman.dashboard.projection;

import java.time.Instant;
import java.util.UUID;
import org.datman.contracts.event.Event;

/**
 * The newest event about a thing, as it stands in the read model.
 *
 * @param at when it was said first
 * @param lastAt when it was said last: a stage that was done again with the same result says the same event again
 */
public record Recorded<E extends Event>(E event, Instant at, Instant lastAt, UUID eventId) {}
