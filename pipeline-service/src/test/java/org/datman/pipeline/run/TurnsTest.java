package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.datman.contracts.event.PipelinePaused;
import org.datman.contracts.study.PipelineSchedule;
import org.datman.pipeline.run.Turns.Line;
import org.datman.pipeline.run.Turns.Terms;
import org.datman.pipeline.run.Turns.UnderWay;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private static final Instant NOW = Instant.parse("2026-11-05T12:00:00Z");
    private static final Line LOW = new Line("A", "low");
    private static final Line HIGH = new Line("A", "high");
    private static final Line ELSEWHERE = new Line("B", "high");

    @Test
    void theHighestPriorityIsNextOverAllStudies() {
        // Given
        Map<Line, Terms> lines = Map.of(LOW, terms(0, null), HIGH, terms(5, null), ELSEWHERE, terms(5, null));

        // When
        Set<Line> next = Turns.next(lines, List.of(), NOW);

        // Then
        assertThat(next).containsExactlyInAnyOrder(HIGH, ELSEWHERE);
    }

    @Test
    void aLineThatMayNotStartLetsLowerOnesGoFirst() {
        // Given the limit of one study's pipeline is reached, and that of the same name in the other study is paused
        PipelinePaused paused =
                new PipelinePaused("B", "high", PipelinePaused.Decision.PAUSED, "Maintenance", "jdoe", NOW);
        Map<Line, Terms> lines = Map.of(
                LOW, terms(0, null),
                HIGH, terms(5, 2),
                ELSEWHERE, new Terms(new PipelineSchedule(5, null, null), paused, "local", null));
        List<UnderWay> underWay = List.of(new UnderWay("A", "high", "local", 1), new UnderWay("A", "high", "slurm", 1));

        // When
        Set<Line> next = Turns.next(lines, underWay, NOW);

        // Then
        assertThat(next).containsExactly(LOW);
    }

    @Test
    void aFullRunnerStopsItsOwnRunsOnly() {
        // Given
        Map<Line, Terms> lines = Map.of(
                LOW, new Terms(PipelineSchedule.ALWAYS, null, "slurm", 10),
                HIGH, new Terms(new PipelineSchedule(5, null, null), null, "local", 3));
        List<UnderWay> underWay =
                List.of(new UnderWay("C", "other", "local", 3), new UnderWay("C", "other", "slurm", 9));

        // When
        Set<Line> next = Turns.next(lines, underWay, NOW);

        // Then
        assertThat(next).containsExactly(LOW);
    }

    private static Terms terms(int priority, @Nullable Integer atOnce) {
        return new Terms(new PipelineSchedule(priority, atOnce, null), null, "local", null);
    }
}
