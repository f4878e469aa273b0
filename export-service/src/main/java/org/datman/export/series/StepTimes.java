package org.datman.export.series;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.TimeUnit;

/** How long the steps of exports take: the metric {@code datman_export_step_seconds}, by step. A step that fails is not counted. */
@ApplicationScoped
class StepTimes {

    private final MeterRegistry metrics;

    StepTimes(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    /** The beginning of a first step. */
    Watch start() {
        return new Watch(now());
    }

    private long now() {
        return metrics.config().clock().monotonicTime();
    }

    /** Measures steps that follow one another; of one thread. */
    final class Watch {

        private long since;

        private Watch(long since) {
            this.since = since;
        }

        /** The end of a step, which is the beginning of the next. */
        void done(String step) {
            long now = now();
            metrics.timer("datman.export.step", "step", step).record(now - since, TimeUnit.NANOSECONDS);
            since = now;
        }
    }
}
