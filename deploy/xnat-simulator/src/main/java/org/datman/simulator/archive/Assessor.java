package org.datman.simulator.archive;

import java.time.Instant;

/**
 * An image assessor: what a person or program stated about a session, for example {@code xnat:qcManualAssessorData}. It is an
 * experiment of its own with an accession id from the same sequence as those of sessions, and without scans.
 *
 * @param id accession id
 * @param label name within the project
 * @param xsiType its type
 * @param session accession id of the assessed session
 * @param inserted when it was created
 */
public record Assessor(String id, String label, String xsiType, String session, Instant inserted) {}
