package org.datman.pipeline.run;

import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.PipelineRequested;
import org.jspecify.annotations.Nullable;

/**
 * A job claimed by a worker.
 *
 * @param owner owner of its lease: a new name for every claim
 * @param attempt as in events
 * @param left the process started by an earlier, dead worker, to be ended first, or null
 */
record Job(long id, String owner, int attempt, @Nullable String left, Envelope<PipelineRequested> request) {

    PipelineRequested event() {
        return request.event();
    }
}
