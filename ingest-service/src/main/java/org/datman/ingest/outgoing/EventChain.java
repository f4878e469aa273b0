package org.datman.ingest.outgoing;

import java.util.Optional;

/**
 * What an event follows from.
 *
 * @param correlation shared by all that follows from one webhook, sweep or request
 * @param causation the event that asked for it, if one did
 */
public record EventChain(String correlation, Optional<String> causation) {}
