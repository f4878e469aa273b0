package org.datman.simulator.workflow;

import java.time.Instant;

/**
 * One workflow of a session.
 *
 * @param pipeline its name: {@code Transferred}, the name of a pipeline …
 * @param dataType type of the session
 * @param dataId accession id
 * @param project the session's, XNAT's {@code ExternalID}
 */
public record Workflow(
        long id, String pipeline, String status, String dataType, String dataId, String project, Instant launched) {

    Workflow withStatus(String newStatus) {
        return new Workflow(id, pipeline, newStatus, dataType, dataId, project, launched);
    }
}
