package org.datman.pipeline;

import java.util.List;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.PipelineUpdated.State;
import org.datman.platform.testkit.EventsOnKafka;

/** The events on runs published by the service under test. */
record PublishedRuns(EventsOnKafka events) {

    PipelineUpdated await(PipelineSession fixtures, String pipeline, State state) {
        return await(fixtures, pipeline, 1, state);
    }

    PipelineUpdated await(PipelineSession fixtures, String pipeline, int attempt, State state) {
        return events.await(
                        PipelineUpdated.class,
                        event -> event.session().equals(fixtures.ref())
                                && event.pipeline().equals(pipeline)
                                && event.attempt() == attempt
                                && event.state() == state)
                .event();
    }

    /** With whichever attempt: how many decisions came before depends on the order of events of several topics. */
    PipelineUpdated await(PipelineSession fixtures, String pipeline, State state, String reason) {
        return events.await(
                        PipelineUpdated.class,
                        event -> event.session().equals(fixtures.ref())
                                && event.pipeline().equals(pipeline)
                                && event.state() == state
                                && event.reason()
                                        .filter(r -> r.code().equals(reason))
                                        .isPresent())
                .event();
    }

    /** The n-th event in which a pipeline waits for that reason. */
    PipelineUpdated awaitWaiting(PipelineSession fixtures, String pipeline, String reason, int count) {
        return events.awaitAll(
                        PipelineUpdated.class,
                        event -> event.session().equals(fixtures.ref())
                                && event.pipeline().equals(pipeline)
                                && event.state() == State.WAITING
                                && event.reason()
                                        .filter(r -> r.code().equals(reason))
                                        .isPresent(),
                        count)
                .get(count - 1)
                .event();
    }

    PipelineUpdated awaitWaiting(PipelineSession fixtures, String pipeline, String reason) {
        return awaitWaiting(fixtures, pipeline, reason, 1);
    }

    List<PipelineUpdated> all(PipelineSession fixtures, String pipeline) {
        return events.all(PipelineUpdated.class).stream()
                .map(Envelope::event)
                .filter(event -> event.session().equals(fixtures.ref())
                        && event.pipeline().equals(pipeline))
                .toList();
    }
}
