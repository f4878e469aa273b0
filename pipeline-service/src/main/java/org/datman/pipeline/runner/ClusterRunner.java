package org.datman.pipeline.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.datman.pipeline.runner.Scheduler.State;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs tools as jobs of a cluster. The working folder must have the same path on the nodes. A job goes on when this service ends,
 * and is found again by its name.
 */
public final class ClusterRunner implements JobRunner {

    private static final Logger LOG = Logger.getLogger(ClusterRunner.class);
    /** Of names of jobs; the name of the working folder follows. */
    static final String PREFIX = "datman-";

    static final int NO_LIMIT = Integer.MAX_VALUE;
    /** Of a file on a network file system, as seen from here. */
    private static final Duration APPEARS_WITHIN = Duration.ofSeconds(60);

    /** Of jobs that may still be in the queue. */
    private static final Set<Cause> ENDED_HERE = EnumSet.of(Cause.REFUSED, Cause.LOST, Cause.NO_IMAGE);

    private static final int SIGNALLED = 128;
    private static final int NO_PROGRAM = 127;

    private final Scheduler scheduler;
    private final int limit;
    private final Turn turn;
    private final List<String> passed;
    private final Clock clock;
    private final Duration poll;
    private final ClusterJobs jobs;

    /** What lets one submission to a cluster after the other count its jobs, also those of other processes. */
    interface Turn {
        void take(String scheduler, Submission submission) throws RefusedException, IOException;
    }

    /** Counts and submits. */
    interface Submission {
        void submit() throws RefusedException, IOException;
    }

    /**
     * @param limit number of jobs of DATMAN that may wait or run on the cluster
     * @param turn taken where there is a limit
     * @param passed environment variables of this service that tools get
     * @param poll time between two looks at the scheduler's list, which all waiting runs share
     */
    ClusterRunner(Scheduler scheduler, int limit, Turn turn, List<String> passed, Clock clock, Duration poll) {
        this.scheduler = scheduler;
        this.limit = limit;
        this.turn = turn;
        this.passed = List.copyOf(passed);
        this.clock = clock;
        this.poll = poll;
        this.jobs = new ClusterJobs(scheduler, clock, poll);
    }

    @Override
    public String name() {
        return scheduler.name();
    }

    @Override
    public Optional<String> handle(Command command) {
        return Optional.of(Runners.handle(name(), PREFIX + command.name()));
    }

    @Override
    public Running start(Command command) throws RefusedException, IOException {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String name : passed) {
            String value = System.getenv(name);
            if (value != null && !scheduler.imageHasEnvironment()) {
                environment.put(name, value);
            }
        }
        environment.putAll(ToolEnvironment.of(command));
        Path script = script(command);
        Files.writeString(
                script,
                ClusterScript.of(
                        command,
                        MeasuredCommand.of(command, scheduler.imageHasEnvironment()),
                        environment,
                        scheduler.imageHasEnvironment()));
        String job = PREFIX + command.name();
        submit(job, script, command);
        LOG.infof("Submitted scheduler=%s job=%s", name(), job);
        return new ClusterJob(job, command);
    }

    private void submit(String job, Path script, Command command) throws RefusedException, IOException {
        if (limit == NO_LIMIT) {
            scheduler.submit(job, script, schedulerLog(command), command);
            return;
        }
        // All that wait ask the list that they share; whoever may go on counts again.
        requireRoom(jobs.recent());
        turn.take(name(), () -> {
            requireRoom(jobs.fresh());
            scheduler.submit(job, script, schedulerLog(command), command);
        });
    }

    private void requireRoom(Map<String, State> listed) throws FullException {
        long mine = listed.entrySet().stream()
                .filter(job -> job.getKey().startsWith(PREFIX) && job.getValue().ended() == null)
                .count();
        if (mine >= limit) {
            throw new FullException(
                    "DATMAN has " + mine + " jobs there, as many as it may have (datman.pipelines.cluster.jobs)");
        }
    }

    @Override
    public Optional<Running> resume(String handle, Command command) throws AwayException {
        String job = PREFIX + command.name();
        try {
            boolean known = ended(command).isPresent()
                    || jobs.fresh().containsKey(job)
                    || scheduler.ended(job).isPresent();
            return known ? Optional.of(new ClusterJob(job, command)) : Optional.empty();
        } catch (AwayException away) {
            throw away;
        } catch (IOException | UncheckedIOException unreadable) {
            throw new AwayException("The folder of " + job + " cannot be read: " + unreadable.getMessage());
        }
    }

    @Override
    public void end(String handle) throws IOException {
        scheduler.cancel(PREFIX + Runners.folder(handle));
    }

    private static Path script(Command command) {
        return command.stdout().resolveSibling("job.sh");
    }

    private static Path schedulerLog(Command command) {
        return command.stdout().resolveSibling("scheduler.log");
    }

    /** The words of a file that the script writes: complete, or not there. */
    private static Optional<String[]> words(Command command, String file) {
        return text(command.stdout().resolveSibling(file))
                .filter(text -> !text.isBlank())
                .map(text -> text.strip().split(" "));
    }

    private static Optional<String> text(Path path) {
        try {
            return Files.exists(path) ? Optional.of(Files.readString(path)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String[]> ended(Command command) {
        return words(command, ClusterScript.ENDED);
    }

    private final class ClusterJob implements Running {

        private final String job;
        private final Command command;
        private @Nullable Instant goneSince;
        private boolean listed;
        private Instant asked = Instant.EPOCH;
        private String wait = "";

        ClusterJob(String job, Command command) {
            this.job = job;
            this.command = command;
        }

        @Override
        public String handle() {
            return Runners.handle(name(), job);
        }

        @Override
        public Optional<Ended> await(Duration patience) throws InterruptedException {
            Instant deadline = clock.instant().plus(patience);
            do {
                try {
                    Optional<Ended> end = look();
                    if (end.isPresent()) {
                        cut(command.stdout());
                        cut(command.stderr());
                        return end;
                    }
                } catch (IOException | UncheckedIOException unreadable) {
                    // Hours of work are not given up because a file system does not answer.
                    LOG.warnf("The state of a job cannot be read yet job=%s error=%s", job, unreadable.getMessage());
                }
                Thread.sleep(Math.min(poll.toMillis(), 1000));
            } while (clock.instant().isBefore(deadline));
            return Optional.empty();
        }

        private void cut(Path log) {
            try {
                ToolLogs.cut(log);
            } catch (IOException e) {
                LOG.warnf("A log of a tool cannot be cut, it is stored whole job=%s error=%s", job, e.getMessage());
            }
        }

        private Optional<Ended> look() throws IOException {
            Optional<String[]> end = ended(command);
            State state;
            try {
                state = jobs.recent().get(job);
            } catch (AwayException away) {
                // The job goes on without its scheduler.
                LOG.debugf("The scheduler does not answer scheduler=%s error=%s", name(), away.getMessage());
                return end.filter(words -> !isKilled(words)).map(words -> byFile(words, null));
            }
            if (end.isPresent() && !isKilled(end.get())) {
                return Optional.of(byFile(end.get(), state));
            }
            if (state == null && listed && scheduler.listsUntilDeleted()) {
                return Optional.of(new Ended(
                        -1,
                        Cause.CANCELLED,
                        "it is not there any more",
                        began(),
                        wall(clock.instant().getEpochSecond()),
                        facts(null),
                        usage(Cause.CANCELLED)));
            }
            if (state != null && state.ended() == null) {
                listed = true;
                goneSince = null;
                if (!state.detail().equals(wait)) {
                    wait = state.detail();
                    LOG.infof("Job scheduler=%s job=%s id=%s state=%s", name(), job, state.id(), wait);
                }
                return Optional.empty();
            }
            state = accounted(state);
            if (state != null && state.ended() != null && ENDED_HERE.contains(state.ended())) {
                // It may still be in the queue, and must not run beside the next one.
                scheduler.cancel(job);
            }
            if (state != null && state.ended() != Cause.EXITED) {
                return Optional.of(byScheduler(state));
            }
            if (end.isPresent() && state != null && state.exitCode() >= 0) {
                return Optional.of(byFile(end.get(), state));
            }
            // Ended by itself or forgotten: the file of its end may not be visible here yet.
            goneSince = goneSince == null ? clock.instant() : goneSince;
            if (clock.instant().isBefore(goneSince.plus(APPEARS_WITHIN))) {
                return Optional.empty();
            }
            if (end.isPresent()) {
                return Optional.of(byFile(end.get(), null));
            }
            return Optional.of(
                    state != null
                            ? byScheduler(state)
                            : new Ended(
                                    -1,
                                    Cause.LOST,
                                    name() + " does not know the job any more, and it left no exit code",
                                    began(),
                                    wall(clock.instant().getEpochSecond()),
                                    facts(null),
                                    usage(Cause.LOST)));
        }

        /** With what the accounts say, where the list does not say how the job ended. */
        private @Nullable State accounted(@Nullable State state) {
            if (state != null && (state.ended() != Cause.EXITED || state.exitCode() >= 0)) {
                return state;
            }
            Instant now = clock.instant();
            if (now.isBefore(asked.plus(poll))) {
                return state;
            }
            asked = now;
            return scheduler.ended(job).orElse(state);
        }

        /** The shell writes down a tool that was killed, too; why it was, only the scheduler knows. */
        private static boolean isKilled(String[] end) {
            return !end[0].equals(ClusterScript.MISSING) && Integer.parseInt(end[0]) > SIGNALLED;
        }

        private Ended byFile(String[] end, @Nullable State state) {
            boolean missing = end[0].equals(ClusterScript.MISSING);
            int exitCode = missing ? NO_PROGRAM : Integer.parseInt(end[0]);
            Cause cause = missing ? Cause.NO_PROGRAM : cause(Cause.EXITED, exitCode);
            return new Ended(exitCode, cause, "", began(), wall(Long.parseLong(end[1])), facts(state), usage(cause));
        }

        private Ended byScheduler(State state) {
            Cause cause = cause(state.ended() == null ? Cause.LOST : state.ended(), state.exitCode());
            boolean neverBegan = cause == Cause.EXITED
                    && words(command, ClusterScript.STARTED).isEmpty();
            // The script writes its end down before it ends: whether the tool ran to its end nobody knows.
            boolean noEnd = cause == Cause.EXITED && state.exitCode() == 0;
            String detail = state.detail();
            if (neverBegan && state.exitCode() < 0) {
                cause = Cause.CANCELLED;
                neverBegan = false;
                detail = "it left the queue before it began: " + detail;
            } else if (neverBegan) {
                detail = "its script never began on the node: " + detail;
            } else if (noEnd) {
                detail = "it left no exit code of the tool: " + detail;
            }
            return new Ended(
                    state.exitCode(),
                    neverBegan || noEnd ? Cause.LOST : cause,
                    detail,
                    began(),
                    wall(clock.instant().getEpochSecond()),
                    facts(state),
                    usage(neverBegan ? Cause.LOST : cause));
        }

        /** As it was measured where it ran; of what was killed before that, what the accounts of the cluster have. */
        private Usage usage(Cause cause) {
            if (cause == Cause.NO_PROGRAM
                    || words(command, ClusterScript.STARTED).isEmpty()) {
                return Usage.unknown("it did not begin");
            }
            Usage measured = MeasuredCommand.read(command);
            // Of a tool that others ran for the job the accounts know no more than the job itself.
            if (!measured.isUnknown() || MeasuredCommand.isElsewhere(command)) {
                return measured;
            }
            try {
                return scheduler.used(job, submitted().orElse(clock.instant())).orElse(measured);
            } catch (IOException none) {
                LOG.infof("What a job used is not known job=%s error=%s", job, none.getMessage());
                return measured;
            }
        }

        /** A job that is killed for its memory has the state of a failed one where the cluster has no control groups. */
        private Cause cause(Cause stated, int exitCode) {
            if (exitCode == 0 || !(stated == Cause.EXITED || stated == Cause.LOST)) {
                return stated;
            }
            String text = text(schedulerLog(command)).orElse("");
            return text.contains("memory limit") || text.contains("oom-kill") || text.contains("oom_kill")
                    ? Cause.MEMORY
                    : stated;
        }

        private Duration wall(long end) {
            Optional<String[]> started = words(command, ClusterScript.STARTED);
            return started.isEmpty()
                    ? Duration.ZERO
                    : Duration.ofSeconds(Math.max(0, end - Long.parseLong(started.get()[0])));
        }

        /** When its script began; when it was submitted, if it never did. */
        private @Nullable Instant began() {
            Optional<String[]> started = words(command, ClusterScript.STARTED);
            return started.isPresent()
                    ? Instant.ofEpochSecond(Long.parseLong(started.get()[0]))
                    : submitted().orElse(null);
        }

        private Optional<Instant> submitted() {
            try {
                return Optional.of(Files.getLastModifiedTime(script(command)).toInstant());
            } catch (IOException gone) {
                return Optional.empty();
            }
        }

        private Map<String, String> facts(@Nullable State state) {
            Map<String, String> facts = new LinkedHashMap<>();
            submitted().ifPresent(time -> facts.put("submitted", time.toString()));
            String[] started = words(command, ClusterScript.STARTED).orElse(new String[0]);
            // The list may have forgotten the job, and a pod has a name of its own for its machine.
            facts.put(JOB, state != null ? state.id() : started.length > 2 ? started[2] : job);
            if (state != null && !state.host().isEmpty()) {
                facts.put(HOST, state.host());
            } else if (started.length > 1) {
                facts.put(HOST, started[1]);
            }
            return facts;
        }

        /** It goes on: who resumes it sees its end. */
        @Override
        public void abandon() {
            LOG.infof("Job goes on without this service scheduler=%s job=%s", name(), job);
        }
    }
}
