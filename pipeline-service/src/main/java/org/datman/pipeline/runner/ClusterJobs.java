package org.datman.pipeline.runner;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.datman.pipeline.runner.JobRunner.AwayException;
import org.datman.pipeline.runner.Scheduler.State;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The scheduler's list of jobs, asked for once by all runs that wait. */
final class ClusterJobs {

    private static final Logger LOG = Logger.getLogger(ClusterJobs.class);

    private final Scheduler scheduler;
    private final Clock clock;
    private final Duration poll;
    private Map<String, State> known = Map.of();
    private Instant time = Instant.EPOCH;
    private @Nullable AwayException away;

    /** @param poll how old the list may be */
    ClusterJobs(Scheduler scheduler, Clock clock, Duration poll) {
        this.scheduler = scheduler;
        this.clock = clock;
        this.poll = poll;
    }

    /** The list as it is now. */
    synchronized Map<String, State> fresh() throws IOException {
        try {
            known = scheduler.jobs();
            if (away != null) {
                LOG.infof("The scheduler answers again scheduler=%s", scheduler.name());
            }
            away = null;
            return known;
        } catch (AwayException e) {
            if (away == null) {
                LOG.warnf(
                        "The scheduler does not answer, its jobs are waited for scheduler=%s error=%s",
                        scheduler.name(), e.getMessage());
            }
            away = e;
            throw e;
        } finally {
            time = clock.instant();
        }
    }

    /** The list, at most as old as the poll. */
    synchronized Map<String, State> recent() throws IOException {
        if (!clock.instant().isBefore(time.plus(poll))) {
            return fresh();
        }
        if (away != null) {
            throw away;
        }
        return known;
    }
}
