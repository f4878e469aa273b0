package org.datman.contracts.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.datman.contracts.event.PipelineUpdated.State;
import org.junit.jupiter.api.Test;

/** Which states of a run are facts of their own. */
class PipelineUpdatedTest {

    @Test
    void aRunningRunMaySayInTurnWhatItWaitsFor() throws Exception {
        // Given
        PipelineUpdated running = EventJson.read(
                        Examples.of(EventType.PIPELINE_UPDATED, "valid")
                                .findFirst()
                                .orElseThrow()
                                .payload(),
                        PipelineUpdated.class)
                .withState(State.RUNNING);

        // When
        List<String> revisions = Stream.of("", "cluster-full", "submitted")
                .map(code -> running.withReason(
                                code.isEmpty() ? Optional.empty() : Optional.of(Reason.of(code, "words")))
                        .revision())
                .toList();

        // Then
        assertThat(revisions).doesNotHaveDuplicates();
        assertThat(revisions.get(0)).endsWith("@RUNNING");
    }
}
