package org.datman.pipeline;

import org.datman.platform.testkit.WithEvents;
import org.junit.jupiter.api.BeforeEach;

/** Base of tests that read what the service under test published about runs. */
abstract class PipelineTest extends WithEvents {

    PublishedRuns runs;

    @BeforeEach
    void readRuns() {
        runs = new PublishedRuns(events);
    }
}
