package org.datman.ingest.outgoing;

import java.util.Optional;

/**
 * The causal chain of an event.
 *
 * @param correlation shared by all events caused by one webhook, sweep or request
 * @param causation the event that requested it, if any
 */
public record EventChain(String correlation, Optional<String> causation) {}
