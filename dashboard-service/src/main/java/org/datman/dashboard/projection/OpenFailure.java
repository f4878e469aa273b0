package org.datman.dashboard.projection;

import java.time.Instant;

/**
 * A failure whose work has not succeeded since.
 *
 * @param identity as the failed event has it
 * @param session {@code server/accession}; empty when unknown
 * @param scan empty when it concerns no single series
 * @param kind {@code TRANSIENT, PERMANENT, POISON}
 * @param deadLetter topic that holds the event; empty when it was not dead-lettered
 */
public record OpenFailure(
        String identity,
        String session,
        String scan,
        String service,
        String stage,
        String kind,
        String code,
        String message,
        String action,
        int attempts,
        String deadLetter,
        Instant time) {}
