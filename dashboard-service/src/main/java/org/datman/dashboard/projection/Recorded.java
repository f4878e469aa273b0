package org.datman.dashboard.projection;

import java.time.Instant;
import java.util.UUID;
import org.datman.contracts.event.Event;

/**
 * The newest event about a subject, as stored in the read model.
 *
 * @param at when it was first published
 * @param lastAt when it was last published: a stage that ran again with the same result publishes the same event again
 */
public record Recorded<E extends Event>(E event, Instant at, Instant lastAt, UUID eventId) {}
