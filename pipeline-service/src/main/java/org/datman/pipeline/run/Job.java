package org.datman.pipeline.run;

import java.util.Optional;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.PipelineRequested;

/**
 * A job claimed by a worker.
 *
 * @param owner owner of its lease: a new name for every claim
 * @param attempt as in events
 * @param left the process started by an earlier, dead worker, to be ended first
 */
record Job(long id, String owner, int attempt, Optional<String> left, Envelope<PipelineRequested> request) {

    PipelineRequested event() {
        return request.event();
    }
}
