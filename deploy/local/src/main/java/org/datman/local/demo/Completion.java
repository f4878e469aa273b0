package org.datman.local.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.study.StudyConfigurations;

/** What sessions still wait for, by the events that were added. */
public final class Completion {

    private final SessionHistories histories = new SessionHistories();

    /** Adds an event of any topic, those of one topic and session in order. */
    public void add(Event event, Instant time) {
        histories.add(event, time);
    }

    /**
     * What is unfinished in the sessions of these labels: steps to the check of the session, pipelines, and places in the BIDS datasets.
     *
     * @param archive the archive folder
     * @param studies those that the system runs with
     */
    public List<String> waiting(Collection<String> labels, Path archive, StudyConfigurations studies)
            throws IOException {
        List<String> waiting = new ArrayList<>();
        for (String label : labels) {
            Optional<SessionHistory> history = histories.called(label);
            history.map(EndState::waitingFor)
                    .orElse(List.of("its first event"))
                    .forEach(what -> waiting.add(label + " waits for " + what));
            history.stream()
                    .flatMap(one -> one.runs.values().stream())
                    .filter(run ->
                            run.state() == PipelineUpdated.State.QUEUED || run.state() == PipelineUpdated.State.RUNNING)
                    .forEach(run -> waiting.add(label + " waits for the end of " + run.pipeline()));
        }
        BidsDatasets.of(archive, studies, histories.only(labels), false)
                .waiting()
                .forEach(image -> waiting.add(image + " waits for its BIDS dataset"));
        return waiting;
    }
}
