package org.datman.contracts.study;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.datman.contracts.event.PipelinePaused;
import org.datman.contracts.event.Reason;
import org.jspecify.annotations.Nullable;

/**
 * In which order and when queued runs of a pipeline start. The pipeline service decides by it, the dashboard explains by it.
 *
 * @param priority runs of a higher one start first
 * @param atOnce how many of its runs may be under way at a time, in all processes together; null for any number
 * @param hours when its runs may start; null for always
 */
public record PipelineSchedule(
        int priority, @Nullable Integer atOnce, @Nullable OffPeak hours) {

    /** Of a rule that says nothing of it. */
    public static final PipelineSchedule ALWAYS = new PipelineSchedule(0, null, null);

    /**
     * What its queued runs wait for, apart from a free worker.
     *
     * @param underWay number of its runs that are under way
     * @param paused the last decision of a person to pause it or not; null when there was none
     * @return empty when one may start now
     */
    public Optional<Reason> waitsFor(Instant now, long underWay, @Nullable PipelinePaused paused) {
        if (paused != null && paused.decision() == PipelinePaused.Decision.PAUSED) {
            return Optional.of(new Reason(
                    "paused",
                    "Its pipeline is paused " + paused.basis(),
                    "Press 'Resume' of the pipeline on the page Pipelines of the study"));
        }
        if (hours != null && !hours.contains(now)) {
            return Optional.of(Reason.of(
                    "outside-hours",
                    "Runs of its pipeline start at " + hours.words() + ", the next one from "
                            + hours.next(now).truncatedTo(ChronoUnit.MINUTES)));
        }
        if (atOnce != null && underWay >= atOnce) {
            return Optional.of(Reason.of(
                    "limit-reached",
                    "At most " + atOnce + (atOnce == 1 ? " run" : " runs")
                            + " of its pipeline may be under way at a time (AtOnce)"));
        }
        return Optional.empty();
    }
}
