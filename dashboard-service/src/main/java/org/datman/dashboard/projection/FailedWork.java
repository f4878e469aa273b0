package org.datman.dashboard.projection;

import java.util.UUID;

/**
 * The work that failed, and the event that reported it.
 *
 * @param identity of the failure
 * @param session {@code server/accession}; empty when unknown
 * @param scan empty when it concerns no single series
 * @param deadLetter topic that holds the event; empty when it was not dead-lettered
 */
public record FailedWork(
        String identity, UUID eventId, String session, String scan, String service, String stage, String deadLetter) {}
