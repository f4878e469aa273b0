package org.datman.pipeline.runner;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.datman.pipeline.runner.JobRunner.AwayException;
import org.datman.pipeline.runner.JobRunner.Command;
import org.datman.pipeline.runner.JobRunner.FullException;
import org.datman.pipeline.runner.JobRunner.RefusedException;
import org.datman.pipeline.runner.JobRunner.Usage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A scheduler of which is published when it does not answer for some minutes, and when it answers again. */
final class ObservedScheduler implements Scheduler {

    private static final Logger LOG = Logger.getLogger(ObservedScheduler.class);
    /** An outage that is shorter is none: a controller restarts. */
    static final Duration OUTAGE = Duration.ofMinutes(2);

    private final Scheduler scheduler;
    private final Clock clock;
    private final Outages outages;
    private @Nullable Instant awaySince;
    /** Whether what is published says what is so. Not at first: an earlier process may have published an outage. */
    private boolean settled;

    /** Where outages are published. Both do nothing when that is published already, by another process too. */
    interface Outages {
        /** @param question program by which a person asks the scheduler for its jobs */
        void began(String scheduler, String question, Instant since, String words);

        void ended(String scheduler);
    }

    ObservedScheduler(Scheduler scheduler, Clock clock, Outages outages) {
        this.scheduler = scheduler;
        this.clock = clock;
        this.outages = outages;
    }

    private interface Call<T> {
        T answer() throws RefusedException, IOException;
    }

    private <T> T observed(Call<T> call) throws RefusedException, IOException {
        Instant asked = clock.instant();
        try {
            T answer = call.answer();
            answered();
            return answer;
        } catch (RefusedException | FullException words) {
            answered();
            throw words;
        } catch (AwayException away) {
            unanswered(asked, String.valueOf(away.getMessage()));
            throw away;
        }
    }

    private synchronized void answered() {
        if (awaySince != null) {
            awaySince = null;
            settled = false;
        }
        if (!settled) {
            settle(() -> outages.ended(name()));
        }
    }

    private synchronized void unanswered(Instant asked, String words) {
        if (awaySince == null) {
            awaySince = asked;
            settled = false;
        }
        Instant since = awaySince;
        if (!settled && !clock.instant().isBefore(since.plus(OUTAGE))) {
            settle(() -> outages.began(name(), question(), since, words));
        }
    }

    /** Jobs do not depend on whether this can be published now. */
    private void settle(Runnable publish) {
        try {
            publish.run();
            settled = true;
        } catch (RuntimeException e) {
            LOG.warnf(
                    "The state of the scheduler cannot be published yet scheduler=%s error=%s", name(), e.getMessage());
        }
    }

    @Override
    public String name() {
        return scheduler.name();
    }

    @Override
    public String question() {
        return scheduler.question();
    }

    @Override
    public boolean imageHasEnvironment() {
        return scheduler.imageHasEnvironment();
    }

    @Override
    public boolean listsUntilDeleted() {
        return scheduler.listsUntilDeleted();
    }

    @Override
    public Optional<State> ended(String job) {
        return scheduler.ended(job);
    }

    @Override
    public Optional<Usage> used(String job, Instant since) throws IOException {
        return scheduler.used(job, since);
    }

    @Override
    public void submit(String job, Path script, Path log, Command command) throws RefusedException, IOException {
        observed(() -> {
            scheduler.submit(job, script, log, command);
            return job;
        });
    }

    @Override
    public void cancel(String job) throws IOException {
        unrefused(() -> {
            scheduler.cancel(job);
            return job;
        });
    }

    @Override
    public Map<String, State> jobs() throws IOException {
        return unrefused(scheduler::jobs);
    }

    private <T> T unrefused(Call<T> call) throws IOException {
        try {
            return observed(call);
        } catch (RefusedException e) {
            throw new IllegalStateException("Only a submission can be refused", e);
        }
    }
}
