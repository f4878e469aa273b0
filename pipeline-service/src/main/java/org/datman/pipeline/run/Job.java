package org.datman.pipeline.run;

import java.util.Optional;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.PipelineRequested;

/**
 * A job in the hands of a worker.
 *
 * @param owner who holds its lease: another name with every claim
 * @param attempt as events say it
 * @param left what an earlier, dead worker had started, to be ended first
 */
record Job(long id, String owner, int attempt, Optional<String> left, Envelope<PipelineRequested> request) {

    PipelineRequested event() {
        return request.event();
    }
}
