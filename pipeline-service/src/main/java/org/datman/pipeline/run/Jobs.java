package org.datman.pipeline.run;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.datman.contracts.archive.Fixity;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FormerResult;
import org.datman.contracts.event.PipelineCancelled;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.PipelineUpdated.State;
import org.datman.contracts.event.PipelineUpdatedBuilder;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.ToolMeasure;
import org.datman.pipeline.runner.Runners;
import org.datman.pipeline.selection.ToolResult;
import org.datman.pipeline.state.PipelineState;
import org.datman.platform.archive.Archive;
import org.datman.platform.lease.Claim;
import org.datman.platform.lease.LeasedQueue;
import org.datman.platform.lease.LeasedQueue.Due;
import org.datman.platform.outbox.Outbox;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The requested runs. Every change of a run's state is published in the same transaction.
 *
 * <p>A running job belongs to the worker that owns its lease. A running one without a lease, or with an expired one, is started
 * again by the first worker that claims it.
 */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
public class Jobs {

    private static final Logger LOG = Logger.getLogger(Jobs.class);

    private static final Due ABANDONED = new Due("r.state = 'RUNNING'", "r.id", Map.of());
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private final JobRows rows;
    private final Outbox outbox;
    private final Archive archive;
    private final Clock clock;
    private final Turns turns;
    private final PipelineState sessions;
    private final LeasedQueue<JobRow> queue;
    private final int maxTries;
    private final Duration retryAfter;

    Jobs(
            JobRows rows,
            Outbox outbox,
            Archive archive,
            Clock clock,
            Turns turns,
            PipelineState sessions,
            @ConfigProperty(name = "datman.pipelines.lease") Duration lease,
            @ConfigProperty(name = "datman.pipelines.tries") int maxTries,
            @ConfigProperty(name = "datman.pipelines.retry-after") Duration retryAfter) {
        this.rows = rows;
        this.outbox = outbox;
        this.archive = archive;
        this.clock = clock;
        this.turns = turns;
        this.sessions = sessions;
        this.queue = new LeasedQueue<>("jobs", JobRow.class, rows.getEntityManager(), lease);
        this.maxTries = maxTries;
        this.retryAfter = retryAfter;
    }

    /**
     * The last run of that key, if it succeeded for that session name and all its outputs are in the archive as it wrote them. Reads
     * all of them, outside of any transaction.
     *
     * @return the id of the job
     * @throws org.datman.platform.event.OutageException when the archive is unavailable: the outputs do not count as lost then
     */
    @Transactional(Transactional.TxType.NOT_SUPPORTED)
    public Optional<Long> wholeResult(PipelineRequested event) {
        return QuarkusTransaction.requiringNew()
                .call(() -> rows.ofRun(event.session(), event.pipeline(), event.runKey()).stream()
                        .filter(row -> row.sessionName().equals(event.sessionName()))
                        .reduce((first, second) -> second))
                // A result of before the places of outputs were stored is of no use to other tools.
                .filter(last ->
                        last.isIn(State.SUCCEEDED) && last.result().places().isPresent() && isWhole(last))
                .map(JobRow::id);
    }

    /**
     * Accepts a request: as a job, or, when an existing result may be used, as that result. The session must be
     * locked. The same request twice is one job.
     *
     * @param usable the job whose result may be used, by {@link #wholeResult}, or null
     */
    public void accept(Envelope<PipelineRequested> request, @Nullable Long usable) {
        PipelineRequested event = request.event();
        List<JobRow> before = rows.ofRun(event.session(), event.pipeline(), event.runKey());
        boolean duplicate = before.stream().anyMatch(row -> row.requestId().equals(event.requestId()));
        // That of the name before a renaming has another folder, and is another result.
        boolean underWay = before.stream()
                .filter(row -> row.sessionName().equals(event.sessionName()))
                .anyMatch(row -> row.isIn(State.QUEUED) || row.isIn(State.RUNNING));
        if (duplicate || underWay) {
            LOG.infof(
                    "Request ignored session=%s pipeline=%s run=%s duplicate=%s underWay=%s",
                    event.session().identity(), event.pipeline(), event.runKey(), duplicate, underWay);
            return;
        }
        int attempt = 1 + before.stream().mapToInt(JobRow::attempt).max().orElse(0);
        JobRow row = new JobRow(request, turns.ruleName(event.study(), event.pipeline()), attempt, clock.instant());
        Optional<JobRow> cancelled = before.stream()
                .reduce((first, second) -> second)
                // One that ended well before the cancellation reached it has a result.
                .filter(last -> event.byRules()
                        && last.isIn(State.FAILED)
                        && last.cancelled().isPresent());
        if (cancelled.isPresent()) {
            // The same tool on the same inputs: what a person cancelled only a person asks for again.
            row.cancelledAs(cancelled.get());
            publish(request, row, State.FAILED, row.cancelled().orElse(null));
            rows.persist(row);
            return;
        }
        Optional<JobRow> known = before.stream()
                .filter(last -> usable != null && last.id() == usable && last.isIn(State.SUCCEEDED))
                .findFirst();
        if (known.isPresent()) {
            PipelineUpdated result = known.get().result();
            String message = "The same tool had run on the same bytes already (attempt "
                    + known.get().attempt() + "); its outputs are complete, so it did not run again";
            publish(
                    request,
                    row,
                    State.SUCCEEDED,
                    Reason.of("known-result", message),
                    result.outputs(),
                    result.places().orElse(Map.of()),
                    result.measures().orElse(List.of()),
                    new Outcome.Ran(
                            result.exitCode().orElse(null),
                            result.wallSeconds().orElse(null),
                            result.usage().orElse(null)));
        } else {
            publish(request, row, State.QUEUED, null);
        }
        rows.persist(row);
    }

    /** What is stored of a run cannot be read any more. */
    public static final class UnreadableException extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        UnreadableException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * What a run was asked for; empty for what was not a run of a tool.
     *
     * @throws UnreadableException when its request is stored in a form that is not read any more
     */
    @Transactional(Transactional.TxType.NOT_SUPPORTED)
    public Optional<PipelineRequested> asked(PipelineUpdated run) {
        return QuarkusTransaction.requiringNew()
                .call(() -> rows.ofRun(run.session(), run.pipeline(), run.runKey()).stream()
                        .findFirst()
                        .map(row -> row.request().event()));
    }

    /** The input files of a run, by the input of the tool, of several also by their path in it. */
    public static Map<String, FileRef> files(PipelineRequested request) {
        Map<String, FileRef> files = new HashMap<>(request.inputs());
        request.sets().orElse(Map.of()).forEach((id, set) -> set.files()
                .forEach(file -> files.put(id + "/" + set.pathOf(file), file)));
        return files;
    }

    /**
     * The newest result of a session's pipeline that is of another run than the one that is wanted now.
     *
     * @param runKey of the wanted run, or any other text when none is
     */
    public Optional<FormerResult> former(SessionRef session, String pipeline, String runKey) {
        return former(session, pipeline, runKey, null);
    }

    private Optional<FormerResult> former(
            SessionRef session, String pipeline, String runKey, @Nullable PipelineRequested wanted) {
        return rows.former(session, pipeline, runKey).flatMap(row -> {
            try {
                PipelineUpdated result = row.result();
                return Optional.of(new FormerResult(
                        result.runKey(),
                        result.toolVersion(),
                        result.time(),
                        wanted == null
                                ? List.of()
                                : RunChanges.between(row.request().event(), wanted)));
            } catch (UnreadableException e) {
                // That it cannot be compared any more must not hold up the run of now.
                LOG.warnf("A former result is not compared pipeline=%s error=%s", pipeline, e.getMessage());
                return Optional.empty();
            }
        });
    }

    /** What was last published of the runs that some sessions want by their last decisions: by the session's identity and the pipeline. */
    public Map<String, Map<String, PipelineUpdated>> wanted(Collection<SessionRef> some) {
        Map<String, Map<String, PipelineUpdated>> all = new HashMap<>();
        for (JobRows.Wanted each : rows.wanted(some)) {
            all.computeIfAbsent(each.session(), session -> new HashMap<>())
                    .put(each.pipeline(), JobRow.read(each.result()));
        }
        return all;
    }

    /** The pipelines of some sessions that have a run which has not ended, by the session's identity. */
    public Map<String, Set<String>> underWay(Collection<SessionRef> some) {
        return rows.underWay(some).stream()
                .collect(Collectors.groupingBy(
                        JobRows.SessionPipeline::session,
                        Collectors.mapping(JobRows.SessionPipeline::pipeline, Collectors.toUnmodifiableSet())));
    }

    /**
     * What a wanted run has for those that get its outputs; empty when it ended well, and its outputs are no longer in the archive.
     *
     * @param newest what was last published of it, or null
     */
    @Transactional(Transactional.TxType.SUPPORTS)
    public Optional<ToolResult> result(@Nullable PipelineUpdated newest) {
        if (newest == null) {
            return Optional.of(new ToolResult.Pending("has been asked for"));
        }
        if (newest.state() == State.SUCCEEDED && !isPresent(newest)) {
            return Optional.empty();
        }
        String tool = newest.tool() + " " + newest.toolVersion();
        return Optional.of(
                switch (newest.state()) {
                    case SUCCEEDED ->
                        new ToolResult.Current(tool, newest.places().orElse(Map.of()), newest.outputs());
                    case FAILED ->
                        new ToolResult.Pending("has failed (" + tool + ")"
                                + newest.reason()
                                        .map(reason -> ": " + reason.message())
                                        .orElse(""));
                    case RUNNING -> new ToolResult.Pending("is running (" + tool + ")");
                    default -> new ToolResult.Pending("is queued (" + tool + ")");
                });
    }

    /** Withdraws queued runs that should no longer run. */
    public void withdraw(SessionRef session, String pipeline, Reason why) {
        rows.queued(session, pipeline)
                .forEach(row -> publish(
                        row.request(),
                        row,
                        State.FAILED,
                        Reason.of("withdrawn", "It was cancelled before it started: " + why.message())));
    }

    /**
     * Cancels the run that a person saw, if it is still queued or running: a queued one ends at once, a running one when its worker
     * has ended it. The session must be locked.
     */
    public void cancel(PipelineCancelled event) {
        // Attempts rise from request to request: the first that came so far is the one that was seen.
        Optional<JobRow> seen = rows.ofRun(event.session(), event.pipeline(), event.runKey()).stream()
                .filter(row -> row.attempt() >= event.attempt())
                .findFirst();
        seen.ifPresent(rows::lock);
        if (seen.filter(row -> row.isIn(State.QUEUED)).isPresent()) {
            JobRow row = seen.get();
            row.cancel(event.basis());
            publish(row.request(), row, State.FAILED, row.cancelled().orElse(null));
        } else if (seen.filter(row -> row.isIn(State.RUNNING)).isPresent()) {
            seen.get().cancel(event.basis());
        } else {
            LOG.infof(
                    "A run that was cancelled has ended already session=%s pipeline=%s run=%s",
                    event.session().identity(), event.pipeline(), event.runKey());
        }
    }

    /** Why a person cancelled a job that a worker has; empty when nobody did. */
    @Transactional(Transactional.TxType.NOT_SUPPORTED)
    Optional<Reason> cancelled(Job job) {
        return QuarkusTransaction.requiringNew()
                .call(() -> rows.findByIdOptional(job.id()).flatMap(JobRow::cancelled));
    }

    /** The runner's handle of a job that a worker has. */
    @Transactional(Transactional.TxType.NOT_SUPPORTED)
    Optional<String> handle(Job job) {
        return QuarkusTransaction.requiringNew()
                .call(() -> rows.findByIdOptional(job.id()).flatMap(JobRow::handle));
    }

    /** Whether no worker has the job that a folder names; false for one that is not known, as for that of another service. */
    @Transactional(Transactional.TxType.NOT_SUPPORTED)
    boolean hasEnded(Workspace.Named job) {
        return QuarkusTransaction.requiringNew().call(() -> rows.hasEnded(job));
    }

    @Transactional(Transactional.TxType.SUPPORTS)
    LeasedQueue<JobRow> queue() {
        return queue;
    }

    /** Claims the next job, if there is one, in a transaction of its own. */
    @Transactional(Transactional.TxType.NOT_SUPPORTED)
    Optional<Claim<Job>> claim() {
        // What is under way already is taken up again whatever the limits are: it counts already.
        Optional<Claim<Job>> abandoned = queue.claim(ABANDONED, this::begin);
        return abandoned.isPresent() ? abandoned : queue.claim(turns::due, this::begin);
    }

    private Optional<Job> begin(JobRow row, String owner) {
        Envelope<PipelineRequested> request = row.request();
        boolean abandoned = row.isIn(State.RUNNING);
        String left = row.handle().orElse(null);
        if (abandoned && (row.cancelled().isPresent() || left != null && Runners.goesOn(left))) {
            // The same attempt: only who waits for its end, or ends it, is another.
            return Optional.of(new Job(row.id(), owner, row.attempt(), left, request));
        }
        if (abandoned && row.tries() >= maxTries) {
            publish(request, row, State.FAILED, abandoned(row, "each time the worker died during the run"));
            row.release();
            return Optional.empty();
        }
        Reason reason = null;
        if (abandoned) {
            reason = Reason.of(
                    "taken-up-again",
                    "The worker that ran attempt " + row.attempt() + " has died; the run is started again");
            row.nextAttempt();
        }
        row.started(turns.runner(row));
        publish(request, row, State.RUNNING, reason);
        return Optional.of(new Job(row.id(), owner, row.attempt(), left, request));
    }

    /** Stores the runner's handle of the job; false when it belongs to another worker now. */
    boolean started(Job job, String handle) {
        return rows.started(job, handle);
    }

    /** What a run waits for that has begun; nothing when the job belongs to another worker now. */
    void says(Job job, Reason reason) {
        held(job).ifPresent(row -> publish(job.request(), row, State.RUNNING, reason));
    }

    /** Ends an attempt; false when the job belongs to another worker now: then that worker's outcome counts. */
    boolean finish(Job job, Outcome outcome) {
        Optional<JobRow> held = held(job);
        if (held.isEmpty()) {
            LOG.warnf(
                    "An attempt ended after another had begun; it does not count session=%s pipeline=%s attempt=%d",
                    job.event().session().identity(), job.event().pipeline(), job.attempt());
            return false;
        }
        JobRow row = held.get();
        if (outcome instanceof Outcome.Succeeded done) {
            publish(
                    job.request(),
                    row,
                    State.SUCCEEDED,
                    null,
                    done.outputs(),
                    done.places(),
                    done.measures(),
                    done.ran());
        } else if (outcome instanceof Outcome.Failed failed) {
            publish(
                    job.request(),
                    row,
                    State.FAILED,
                    failed.reason(),
                    failed.outputs(),
                    Map.of(),
                    List.of(),
                    failed.ran());
        } else if (outcome instanceof Outcome.Interrupted interrupted) {
            boolean cancelled = row.cancelled().isPresent();
            if (cancelled || row.tries() >= maxTries) {
                publish(
                        job.request(),
                        row,
                        State.FAILED,
                        cancelled
                                ? row.cancelled().orElseThrow()
                                : abandoned(row, interrupted.reason().message()),
                        interrupted.outputs(),
                        Map.of(),
                        List.of(),
                        interrupted.ran());
            } else {
                row.nextAttempt();
                Instant next = clock.instant().plus(pause(retryAfter, row.tries()));
                row.notBefore(next);
                publish(
                        job.request(),
                        row,
                        State.QUEUED,
                        withTime(interrupted.reason(), next),
                        interrupted.outputs(),
                        Map.of(),
                        List.of(),
                        interrupted.ran());
            }
        }
        row.ended();
        return true;
    }

    private static Reason withTime(Reason reason, Instant next) {
        return new Reason(
                reason.code(),
                reason.message() + "; the next start is not before " + next.truncatedTo(ChronoUnit.SECONDS),
                reason.action());
    }

    /** The pause before the next start grows: twice as long after each, an hour at most. */
    static Duration pause(Duration first, int tries) {
        Duration pause = first;
        for (int i = 1; i < tries && pause.compareTo(LONGEST_PAUSE) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(LONGEST_PAUSE) < 0 || first.compareTo(LONGEST_PAUSE) > 0 ? pause : LONGEST_PAUSE;
    }

    private Optional<JobRow> held(Job job) {
        return queue.held(job.id(), job.owner())
                .filter(row -> row.isIn(State.RUNNING) && row.attempt() == job.attempt());
    }

    /**
     * Releases a job because this service stops; that does not count as a try. What goes on without this service stays as it is, and
     * the next worker waits for its end.
     */
    void giveBack(Job job) {
        held(job).ifPresent(row -> {
            if (row.handle().filter(Runners::goesOn).isPresent()) {
                row.release();
                return;
            }
            if (row.cancelled().isPresent()) {
                publish(job.request(), row, State.FAILED, row.cancelled().get());
                row.ended();
                return;
            }
            row.startDoesNotCount();
            row.nextAttempt();
            row.ended();
            publish(
                    job.request(),
                    row,
                    State.QUEUED,
                    Reason.of("service-stopped", "The pipeline service was stopped; the run is started again"));
        });
    }

    private static Reason abandoned(JobRow row, String why) {
        return new Reason(
                "given-up",
                row.pipeline() + " was started " + row.tries() + " times and never finished: " + why,
                "Look at the log of the pipeline service, then press 'Run again' among the pipelines of the session page");
    }

    /**
     * Whether all outputs are in the archive as the tool wrote them: only then may a result stand for a run.
     *
     * @throws org.datman.platform.event.OutageException when the archive is unavailable: the outputs do not count as lost then
     */
    private boolean isWhole(JobRow row) {
        return row.result().outputs().stream().allMatch(output -> verified(output, archive::verify));
    }

    /** The same by kind and size alone: this is asked at every event of a session, and outputs are large. */
    private boolean isPresent(PipelineUpdated result) {
        // A link was an output before the archive refused them: such a result is not lost.
        return result.outputs().stream()
                .allMatch(output ->
                        verified(output, archive::verifySize) || Files.isSymbolicLink(archive.resolve(output.path())));
    }

    private static boolean verified(FileRef output, Verification verification) {
        try {
            return verification.of(output).isEmpty();
        } catch (IOException unreadable) {
            return false;
        }
    }

    private interface Verification {
        Optional<Fixity.Difference> of(FileRef file) throws IOException;
    }

    private void publish(Envelope<PipelineRequested> request, JobRow row, State state, @Nullable Reason reason) {
        publish(request, row, state, reason, List.of(), Map.of(), List.of(), Outcome.Ran.NOT);
    }

    private void publish(
            Envelope<PipelineRequested> request,
            JobRow row,
            State state,
            @Nullable Reason reason,
            List<FileRef> outputs,
            Map<String, String> places,
            List<ToolMeasure> measures,
            Outcome.Ran ran) {
        PipelineRequested asked = request.event();
        PipelineUpdated update = PipelineUpdatedBuilder.builder()
                .session(asked.session())
                .study(asked.study())
                .sessionName(asked.sessionName())
                .pipeline(asked.pipeline())
                .tool(asked.tool())
                .toolVersion(asked.toolVersion())
                .runKey(asked.runKey())
                .attempt(row.attempt())
                .state(state)
                .outputs(outputs)
                .time(clock.instant())
                .reason(Optional.ofNullable(reason))
                .exitCode(Optional.ofNullable(ran.exitCode()))
                .wallSeconds(Optional.ofNullable(ran.wallSeconds()))
                .usage(Optional.ofNullable(ran.usage()))
                .measures(Optional.of(measures).filter(some -> !some.isEmpty()))
                .places(Optional.of(places).filter(some -> !some.isEmpty()))
                .former(former(asked.session(), asked.pipeline(), asked.runKey(), asked))
                .build();
        row.published(update);
        outbox.publish(request, update);
        if (state == State.SUCCEEDED || state == State.FAILED) {
            // However it ended: others get its outputs, or say why they have none.
            sessions.decideAgain(asked.session());
        }
    }
}
