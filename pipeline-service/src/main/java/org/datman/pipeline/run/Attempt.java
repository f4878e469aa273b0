package org.datman.pipeline.run;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.RunUsage;
import org.datman.contracts.event.ToolMeasure;
import org.datman.contracts.study.PipelineRule;
import org.datman.pipeline.boutiques.CommandLine;
import org.datman.pipeline.boutiques.Descriptor;
import org.datman.pipeline.boutiques.Descriptor.Input;
import org.datman.pipeline.boutiques.Descriptor.OutputFile;
import org.datman.pipeline.boutiques.DescriptorException;
import org.datman.pipeline.boutiques.FileTemplates;
import org.datman.pipeline.boutiques.InputValues;
import org.datman.pipeline.boutiques.OutputPaths;
import org.datman.pipeline.boutiques.Tool;
import org.datman.pipeline.boutiques.Tools;
import org.datman.pipeline.container.ContainerException;
import org.datman.pipeline.container.ContainerFault;
import org.datman.pipeline.container.Containers;
import org.datman.pipeline.container.PinnedImage;
import org.datman.pipeline.runner.JobRunner;
import org.datman.pipeline.runner.JobRunner.AwayException;
import org.datman.pipeline.runner.JobRunner.Cause;
import org.datman.pipeline.runner.JobRunner.FullException;
import org.datman.pipeline.runner.Runners;
import org.datman.platform.archive.Archive;
import org.datman.platform.archive.Withdrawal;
import org.datman.platform.event.OutageException;
import org.datman.platform.study.Studies;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One attempt at a job: copies the inputs, runs the tool, checks its declared outputs, copies them into the archive. */
@ApplicationScoped
class Attempt {

    private static final Logger LOG = Logger.getLogger(Attempt.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration CLUSTER_POLL = Duration.ofSeconds(5);
    /** How often files are tried that cannot be read or written, before a result is given up. */
    private static final int FILE_TRIES = 20;

    private static final int ERRORS_READ = 8192;
    private static final String FULL = "cluster-full";

    private static final String ASK_AGAIN = "then press 'Run again' among the pipelines of the session page";

    private final Studies studies;
    private final Tools tools;
    private final Archive archive;
    private final Runners runners;
    private final Containers containers;
    private final Clock clock;
    private final Path workDir;
    private final Duration walltime;
    private final Duration retryAfter;
    private final Withdrawal withdrawal;

    /** One thread for all runs: what it does may be late. */
    private final Executor liveLogs = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "live-logs");
        thread.setDaemon(true);
        return thread;
    });

    @Inject
    Attempt(
            Studies studies,
            Tools tools,
            Archive archive,
            Runners runners,
            Containers containers,
            Clock clock,
            Config config,
            @ConfigProperty(name = "datman.pipelines.walltime") Duration walltime,
            @ConfigProperty(name = "datman.pipelines.retry-after") Duration retryAfter) {
        this(
                studies,
                tools,
                archive,
                runners,
                containers,
                clock,
                config.getOptionalValue("datman.scratch", Path.class)
                        .orElseGet(() -> archive.root().resolve(".datman/scratch/pipeline")),
                walltime,
                retryAfter);
    }

    /**
     * @param workDir where the folders of attempts are
     * @param retryAfter how soon files that cannot be read or written are tried again
     */
    Attempt(
            Studies studies,
            Tools tools,
            Archive archive,
            Runners runners,
            Containers containers,
            Clock clock,
            Path workDir,
            Duration walltime,
            Duration retryAfter) {
        this.studies = studies;
        this.tools = tools;
        this.archive = archive;
        this.runners = runners;
        this.containers = containers;
        this.clock = clock;
        this.workDir = workDir;
        this.walltime = walltime;
        this.retryAfter = retryAfter;
        this.withdrawal = new Withdrawal(archive, clock);
    }

    /**
     * The data needed to evaluate and explain a run that has ended.
     *
     * @param command of the tool
     * @param environment variables that its descriptor wants
     * @param container in what it ran
     * @param containerCommand the command that ran it there; that of the tool where it ran in none
     */
    record Run(
            Job job,
            Tool tool,
            List<String> command,
            Map<String, String> environment,
            PipelineRule.Container container,
            List<String> containerCommand,
            Map<String, String> outputPaths,
            Workspace workspace,
            Path stdout,
            Path stderr,
            Instant started,
            String runner,
            JobRunner.Ended ended) {}

    /**
     * @param started receives the runner's handle, empty text when nothing runs under it after all; returns false when the job belongs to
     *     another worker now
     * @param stop whether to abort: the service stops, or the lease was lost
     * @return empty when it was aborted
     */
    Optional<Outcome> run(Job job, Predicate<String> started, BooleanSupplier stop) throws InterruptedException {
        return run(job, started, reason -> {}, stop);
    }

    /** @param says receives what the run waits for once it has begun, each thing once */
    Optional<Outcome> run(Job job, Predicate<String> started, Consumer<Reason> says, BooleanSupplier stop)
            throws InterruptedException {
        PipelineRequested event = job.event();
        String left = job.left();
        boolean resumes = left != null && Runners.goesOn(left);
        try {
            if (left != null && !resumes) {
                runners.of(left).end(left);
            }
            if (!waitForArchive(stop)) {
                return Optional.empty();
            }
            if (!resumes) {
                Workspace.left(workDir, job).forEach(containers::endLeft);
            }
            PipelineRule rule = rule(event);
            Tool tool = tools.load(rule.descriptor());
            if (!tool.sha256().equals(event.descriptorSha256())) {
                return failed(
                        job,
                        Reason.of(
                                "tool-changed",
                                "The descriptor of " + event.pipeline()
                                        + " changed after the run was asked for; it is asked for again with the new one"));
            }
            if (!containers.image(rule, tool).map(PinnedImage::text).equals(event.image())) {
                return failed(
                        job,
                        Reason.of(
                                "tool-changed",
                                "The container of " + event.pipeline()
                                        + " changed after the run was asked for; it is asked for again with the new one"));
            }
            if (left != null && resumes) {
                return resume(job, rule, tool, left, stop);
            }
            Optional<Outcome> unchecked = checkImage(rule, event);
            if (unchecked.isPresent()) {
                return unchecked;
            }
            Workspace.removeLeft(workDir, job);
            if (rule.defaces()) {
                DefacedImage.withdrawFormer(job, withdrawal);
            }
            try (Workspace workspace = Workspace.open(workDir, job)) {
                Prepared prepared = prepare(job, rule, tool, workspace, runners.of(rule));
                return run(prepared, started, says, stop);
            }
        } catch (DescriptorException e) {
            return failed(
                    job, new Reason("descriptor-faulty", String.valueOf(e.getMessage()), "Correct it, " + ASK_AGAIN));
        } catch (Workspace.InputException e) {
            return failed(job, e.reason());
        } catch (ContainerException e) {
            return failed(job, e.reason());
        } catch (JobRunner.ProgramMissingException e) {
            return failed(
                    job,
                    findRule(event)
                            .map(containers::of)
                            .filter(container -> container != PipelineRule.Container.NONE)
                            .map(ContainerFault::notInstalled)
                            .orElseGet(() -> programMissing(String.valueOf(e.getMessage()), event.tool())));
        } catch (JobRunner.RefusedException e) {
            return failed(job, refused(String.valueOf(e.getMessage())));
        } catch (IOException | UncheckedIOException e) {
            endLeft(job);
            return Optional.of(Outcome.Interrupted.by(Reason.of(
                    "file-error",
                    "Files of the run could not be read or written ("
                            + e.getClass().getSimpleName() + "); it is tried again by itself")));
        }
    }

    /** Empty when the image may run, or there is none. */
    private Optional<Outcome> checkImage(PipelineRule rule, PipelineRequested event)
            throws ContainerException, InterruptedException {
        if (event.image().isEmpty()) {
            return Optional.empty();
        }
        try {
            containers.check(rule, PinnedImage.parse(event.image().get()));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(Outcome.Interrupted.by(Reason.of(
                    "image-not-checked",
                    "Image " + event.image().get() + " could not be checked: " + e.getMessage()
                            + "; it is tried again by itself")));
        }
    }

    /** Without a run; a job that an earlier worker submitted is cancelled. */
    private Optional<Outcome> failed(Job job, Reason reason) {
        endLeft(job);
        return Optional.of(Outcome.Failed.before(reason));
    }

    private void endLeft(Job job) {
        String left = job.left();
        if (left != null && Runners.goesOn(left)) {
            try {
                runners.of(left).end(left);
            } catch (IOException away) {
                LOG.warnf("A job cannot be cancelled; its result is not used job=%s error=%s", left, away.getMessage());
            }
        }
    }

    private static Reason refused(String words) {
        return new Reason(
                "scheduler-refused",
                "The cluster refuses the job: " + words,
                "Correct the suggested-resources of the descriptor or the settings of the cluster"
                        + " (datman.pipelines.slurm, datman.pipelines.sge, datman.pipelines.kubernetes), " + ASK_AGAIN);
    }

    private static Reason programMissing(String program, String tool) {
        return new Reason(
                "program-missing",
                "'" + program + "', with which " + tool + " begins, is not on this machine or cannot be run",
                "Install it where the pipeline service runs, or correct the command-line of the descriptor, "
                        + ASK_AGAIN);
    }

    /** Waits while the archive is unavailable, so that inputs do not count as missing; false when the service stops first. */
    private boolean waitForArchive(BooleanSupplier stop) throws IOException, InterruptedException {
        while (true) {
            try {
                archive.requireThere();
                return true;
            } catch (OutageException outage) {
                LOG.warnf("A run waits error=%s", outage.getMessage());
            }
            if (stop.getAsBoolean()) {
                return false;
            }
            Thread.sleep(POLL.toMillis());
        }
    }

    private void pause(Duration longest) throws InterruptedException {
        Thread.sleep(Math.min(longest.toMillis(), retryAfter.toMillis()));
    }

    private Optional<PipelineRule> findRule(PipelineRequested event) {
        return studies.current()
                .study(event.study())
                .flatMap(study -> PipelineRule.find(study.pipelines(), event.pipeline()));
    }

    private PipelineRule rule(PipelineRequested event) throws DescriptorException {
        Optional<PipelineRule> rule = findRule(event);
        if (rule.isEmpty()) {
            throw new DescriptorException(List.of(new org.datman.pipeline.boutiques.Problem(
                    event.study(), "Pipelines", "has no " + event.pipeline() + " any more", "a rule of that name")));
        }
        return rule.get();
    }

    /** All that a command needs is in its folder. */
    private record Prepared(
            Job job,
            Tool tool,
            Workspace workspace,
            Map<String, String> outputPaths,
            Map<String, String> written,
            JobRunner runner,
            PipelineRule.Container container,
            List<String> arguments,
            Map<String, String> environment,
            JobRunner.Command command) {}

    private Prepared prepare(Job job, PipelineRule rule, Tool tool, Workspace workspace, JobRunner runner)
            throws IOException, DescriptorException, Workspace.InputException, ContainerException {
        workspace.copyToolFiles(tool);
        workspace.copyInputs(InputPaths.of(job.event()), archive);
        for (Map.Entry<String, PipelineRule.Input> input : rule.inputs().entrySet()) {
            if (input.getValue() instanceof PipelineRule.BidsInput) {
                workspace.describeDataset(
                        InputPaths.folder(input.getKey()), job.event().study());
            }
        }
        Prepared prepared = prepared(job, rule, tool, workspace, runner);
        for (String path : prepared.outputPaths().values()) {
            Path parent = workspace.folder().resolve(path).getParent();
            if (parent != null && !OutputPaths.isPattern(parent.toString())) {
                Files.createDirectories(parent);
            }
        }
        for (Map.Entry<String, String> file : prepared.written().entrySet()) {
            Files.writeString(workspace.folder().resolve(file.getKey()), file.getValue());
        }
        Files.createDirectories(workspace.folder().resolve("logs"));
        if (job.event().image().isPresent()) {
            containers.mark(rule, workspace.folder());
        }
        return prepared;
    }

    private Prepared prepared(Job job, PipelineRule rule, Tool tool, Workspace workspace, JobRunner runner)
            throws IOException, DescriptorException, Workspace.InputException, ContainerException {
        Descriptor descriptor = tool.descriptor();
        Map<String, List<String>> files = InputPaths.of(job.event()).values();
        InputValues values = InputValues.of(descriptor, job.event().parameters(), asSeen(descriptor, files, workspace));
        Path logs = workspace.folder().resolve("logs");
        JobRunner.Command own = new JobRunner.Command(
                workspace.name(),
                workspace.folder(),
                CommandLine.of(descriptor, values, workspace.folder()),
                CommandLine.environment(descriptor, values),
                descriptor.resources(),
                limit(descriptor),
                logs.resolve("attempt-" + job.attempt() + ".stdout.txt"),
                logs.resolve("attempt-" + job.attempt() + ".stderr.txt"),
                List.of(),
                job.event().image().orElse(null));
        JobRunner.Command command = containers.of(rule) == PipelineRule.Container.NONE
                ? own
                : containers.wrap(rule, PinnedImage.parse(job.event().image().orElseThrow()), runner, own);
        return new Prepared(
                job,
                tool,
                workspace,
                OutputPaths.of(descriptor, values),
                FileTemplates.of(descriptor, values),
                runner,
                containers.of(rule),
                own.arguments(),
                own.environment(),
                command);
    }

    private Optional<Outcome> run(
            Prepared prepared, Predicate<String> started, Consumer<Reason> says, BooleanSupplier stop)
            throws IOException, InterruptedException, JobRunner.ProgramMissingException, JobRunner.RefusedException {
        Instant begin = clock.instant();
        Optional<String> early = prepared.runner().handle(prepared.command());
        if (early.isPresent()) {
            if (!started.test(early.get())) {
                return Optional.empty();
            }
            // Whoever resumes it needs its folder, until its end is stored.
            prepared.workspace().keep();
        }
        Optional<JobRunner.Running> running = start(prepared, early.orElse(""), started, says, stop);
        if (running.isEmpty()) {
            return Optional.empty();
        }
        boolean mine;
        try {
            mine = early.isPresent() || started.test(running.get().handle());
        } catch (RuntimeException e) {
            // Whoever takes the job over does not know of it, and could not end it.
            running.get().abandon();
            throw e;
        }
        return await(prepared, running.get(), begin, () -> !mine || stop.getAsBoolean());
    }

    /**
     * Waits for a cluster that is away or full. After a lost answer the command is not started again before the cluster says that it
     * does not have it.
     *
     * @param handle under which the cluster has it; empty for a runner whose commands end with this service
     * @return empty when the service stops first
     */
    private Optional<JobRunner.Running> start(
            Prepared prepared, String handle, Predicate<String> started, Consumer<Reason> says, BooleanSupplier stop)
            throws IOException, InterruptedException, JobRunner.ProgramMissingException, JobRunner.RefusedException {
        JobRunner runner = prepared.runner();
        boolean unsure = false;
        String waitsFor = "";
        while (true) {
            String words;
            String code;
            try {
                if (unsure) {
                    Optional<JobRunner.Running> there = runner.resume(handle, prepared.command());
                    if (there.isPresent()) {
                        waitsNoMore(waitsFor, runner, says);
                        return there;
                    }
                    unsure = false;
                }
                Optional<JobRunner.Running> running = Optional.of(runner.start(prepared.command()));
                waitsNoMore(waitsFor, runner, says);
                return running;
            } catch (AwayException away) {
                unsure = true;
                code = "waits-for-cluster";
                words = String.valueOf(away.getMessage());
            } catch (FullException full) {
                code = FULL;
                words = String.valueOf(full.getMessage());
            }
            if (!code.equals(waitsFor)) {
                waitsFor = code;
                says.accept(Reason.of(
                        code,
                        (code.equals(FULL)
                                        ? "It waits until the cluster (" + runner.name() + ") takes another job: "
                                        : "It waits until the cluster (" + runner.name() + ") answers: ")
                                + words));
                LOG.warnf("A run waits for its cluster runner=%s job=%s error=%s", runner.name(), handle, words);
            }
            if (stop.getAsBoolean()) {
                // It was never submitted: who takes it up must not look for it there.
                if (!unsure && !started.test("")) {
                    LOG.warnf("Another worker has a run that was not submitted here job=%s", handle);
                }
                return Optional.empty();
            }
            pause(CLUSTER_POLL);
        }
    }

    private static void waitsNoMore(String waitedFor, JobRunner runner, Consumer<Reason> says) {
        if (!waitedFor.isEmpty()) {
            says.accept(Reason.of("submitted", "The cluster (" + runner.name() + ") has taken its job"));
        }
    }

    /** A job of a cluster that an earlier worker submitted. */
    private Optional<Outcome> resume(Job job, PipelineRule rule, Tool tool, String handle, BooleanSupplier stop)
            throws IOException, InterruptedException, DescriptorException, Workspace.InputException,
                    ContainerException {
        Optional<Workspace> kept = Workspace.kept(workDir, Runners.folder(handle));
        if (kept.isEmpty()) {
            return Optional.of(Outcome.Interrupted.by(lost("its working folder is gone")));
        }
        Prepared prepared = prepared(job, rule, tool, kept.get(), runners.of(handle));
        while (!stop.getAsBoolean()) {
            try {
                Optional<JobRunner.Running> running = prepared.runner().resume(handle, prepared.command());
                return running.isEmpty()
                        ? Optional.of(
                                Outcome.Interrupted.by(lost(prepared.runner().name() + " does not know its job")))
                        : await(prepared, running.get(), clock.instant(), stop);
            } catch (AwayException away) {
                LOG.warnf(
                        "A run waits for its cluster runner=%s error=%s",
                        prepared.runner().name(), away.getMessage());
            }
            pause(CLUSTER_POLL);
        }
        return Optional.empty();
    }

    /**
     * Ends what runs of a job, also the container that a dead worker left; waits for a scheduler that does not answer.
     *
     * @param handle under which it runs; null when it may have no process
     * @return false when the service stops first
     */
    boolean end(Job job, @Nullable String handle, BooleanSupplier stop) throws InterruptedException {
        while (!stop.getAsBoolean()) {
            try {
                Workspace.left(workDir, job).forEach(containers::endLeft);
                if (handle != null) {
                    runners.of(handle).end(handle);
                }
                return true;
            } catch (IOException away) {
                LOG.warnf("A cancelled run cannot be ended yet handle=%s error=%s", handle, away.getMessage());
            }
            pause(CLUSTER_POLL);
        }
        return false;
    }

    /** Removes the folders of attempts that have ended, which a service that was killed left. */
    void removeLeftFolders(Predicate<Workspace.Named> hasEnded) {
        try {
            for (Path folder : Workspace.all(workDir)) {
                if (Workspace.job(folder).filter(hasEnded).isPresent()) {
                    containers.endLeft(folder);
                    remove(folder);
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.warnf("The folders of ended runs cannot be listed error=%s", e);
        }
    }

    private static void remove(Path folder) {
        try {
            Workspace.remove(folder);
            LOG.infof("The folder of an ended run is removed folder=%s", folder.getFileName());
        } catch (IOException | UncheckedIOException e) {
            LOG.warnf("The folder of an ended run cannot be removed folder=%s error=%s", folder.getFileName(), e);
        }
    }

    /** Removes the folders of a job whose end is stored. */
    void removeFolders(Job job) {
        LiveLog.remove(archive, job);
        try {
            Workspace.removeLeft(workDir, job);
        } catch (IOException | UncheckedIOException e) {
            LOG.warnf(
                    "The folder of a run cannot be removed run=%s error=%s",
                    job.event().runKey(), e.getMessage());
        }
    }

    private static Reason lost(String why) {
        return Reason.of("job-lost", "The run was lost on the cluster (" + why + "); it is started again");
    }

    /** What is known of an attempt that ended by no fault of the tool is kept: hours of it may have gone. */
    private Outcome interrupted(Run run, Reason reason) throws IOException {
        Results results = new Results(archive, run);
        List<FileRef> kept = new ArrayList<>(results.logs());
        kept.add(results.failed(clock.instant(), reason));
        return new Outcome.Interrupted(reason, kept, ran(run));
    }

    private Optional<Outcome> await(Prepared prepared, JobRunner.Running running, Instant begin, BooleanSupplier stop)
            throws IOException, InterruptedException {
        try (LiveLog log = new LiveLog(
                archive,
                liveLogs,
                clock,
                prepared.job(),
                prepared.command(),
                prepared.tool().descriptor().progress())) {
            return await(prepared, running, begin, log, stop);
        }
    }

    private Optional<Outcome> await(
            Prepared prepared, JobRunner.Running running, Instant begin, LiveLog log, BooleanSupplier stop)
            throws IOException, InterruptedException {
        Optional<JobRunner.Ended> ended = Optional.empty();
        try {
            while (ended.isEmpty() && !stop.getAsBoolean()) {
                ended = running.await(POLL);
                log.show();
            }
        } finally {
            if (ended.isEmpty()) {
                running.abandon();
            }
        }
        if (ended.isEmpty() || !waitForArchive(stop)) {
            return Optional.empty();
        }
        Instant began = ended.get().started();
        return judgeUntilStored(
                new Run(
                        prepared.job(),
                        prepared.tool(),
                        prepared.arguments(),
                        prepared.environment(),
                        prepared.container(),
                        prepared.command().arguments(),
                        prepared.outputPaths(),
                        prepared.workspace(),
                        prepared.command().stdout(),
                        prepared.command().stderr(),
                        began == null ? begin : began,
                        prepared.runner().name(),
                        ended.get()),
                stop);
    }

    /** Hours of work are not thrown away because a disk is full or read-only for some minutes; empty when the service stops first. */
    private Optional<Outcome> judgeUntilStored(Run run, BooleanSupplier stop) throws IOException, InterruptedException {
        for (int judged = 1; ; judged++) {
            try {
                return Optional.of(judge(run));
            } catch (IOException | UncheckedIOException | OutageException e) {
                if (judged == FILE_TRIES) {
                    throw e;
                }
                LOG.warnf(
                        "The result of a run cannot be stored yet session=%s run=%s try=%d error=%s",
                        run.job().event().sessionName(), run.job().event().runKey(), judged, e);
            }
            Instant again = clock.instant().plus(retryAfter);
            do {
                if (stop.getAsBoolean()) {
                    return Optional.empty();
                }
                pause(POLL);
            } while (clock.instant().isBefore(again));
            if (!waitForArchive(stop)) {
                return Optional.empty();
            }
        }
    }

    private static Map<String, List<String>> asSeen(
            Descriptor descriptor, Map<String, List<String>> files, Workspace workspace) {
        Map<String, List<String>> seen = new LinkedHashMap<>();
        files.forEach((id, paths) -> {
            boolean absolute = descriptor.input(id).filter(Input::absolutePath).isPresent();
            seen.put(
                    id,
                    paths.stream()
                            .map(path ->
                                    absolute ? workspace.folder().resolve(path).toString() : path)
                            .toList());
        });
        return seen;
    }

    private Duration limit(Descriptor descriptor) {
        Double seconds = descriptor.resources().walltimeSeconds();
        return seconds == null ? walltime : Duration.ofMillis(Math.round(seconds * 1000));
    }

    private Outcome judge(Run run) throws IOException {
        if (run.ended().cause() == Cause.LOST) {
            return interrupted(run, lost(run.ended().detail()));
        }
        if (ContainerFault.passes(run.container(), run.ended(), errors(run))) {
            return interrupted(
                    run, Reason.of("container-away", "The daemon of docker does not answer; the run is started again"));
        }
        Map<OutputFile, List<Path>> found = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        List<String> outside = new ArrayList<>();
        for (OutputFile output : run.tool().descriptor().outputs()) {
            String path = run.outputPaths().get(output.id());
            if (path == null) {
                continue;
            }
            List<Path> files = run.workspace().find(path, output.list() && OutputPaths.isPattern(path));
            files.stream()
                    .filter(file -> !run.workspace().holds(file))
                    .map(file -> run.workspace().folder().relativize(file).toString())
                    .forEach(outside::add);
            if (files.isEmpty() && !output.optional()) {
                missing.add(output.name() + " (" + path + ")");
            }
            found.put(output, files);
        }
        Results results = new Results(archive, run);
        List<FileRef> logs = results.logs();
        List<FileRef> stored = new ArrayList<>(logs);
        Outcome.Ran ran = ran(run);
        if (run.ended().cause() != Cause.EXITED
                || run.ended().exitCode() != 0
                || !missing.isEmpty()
                || !outside.isEmpty()) {
            Reason reason = failure(run, missing, outside, results);
            if (isTransient(run)) {
                stored.add(results.failed(clock.instant(), reason));
                return new Outcome.Interrupted(transientEnd(reason), stored, ran);
            }
            stored.add(results.failed(clock.instant(), reason));
            return new Outcome.Failed(reason, stored, ran);
        }
        List<ToolMeasure> measures;
        try {
            measures = measures(run, found);
        } catch (MeasuresTable.TableException e) {
            Reason reason = unreadableMeasures(run, e);
            stored.add(results.failed(clock.instant(), reason));
            return new Outcome.Failed(reason, stored, ran);
        }
        Optional<DefacedImage> defaced = findRule(run.job().event()).flatMap(rule -> DefacedImage.of(rule, run, found));
        Optional<Reason> unchanged = defaced.isPresent() ? defaced.get().fault(archive) : Optional.empty();
        if (unchanged.isPresent()) {
            stored.add(results.failed(clock.instant(), unchanged.get()));
            return new Outcome.Failed(unchanged.get(), stored, ran);
        }
        List<FileRef> outputs = new ArrayList<>();
        if (defaced.isPresent()) {
            outputs.addAll(defaced.get().store(archive));
        }
        for (List<Path> files : found.values()) {
            for (Path file : files) {
                outputs.add(results.output(file));
            }
        }
        stored.addAll(0, outputs);
        stored.addAll(results.provenance(outputs, logs, clock.instant()));
        Map<String, String> places = new LinkedHashMap<>();
        found.forEach((output, files) -> {
            if (!files.isEmpty()) {
                // As the paths of files are, which have no '.' or '//'.
                String path = Objects.requireNonNull(run.outputPaths().get(output.id()));
                places.put(output.id(), results.place(Path.of(path).normalize().toString()));
            }
        });
        return new Outcome.Succeeded(stored, places, measures, ran);
    }

    private static Outcome.Ran ran(Run run) {
        JobRunner.Ended ended = run.ended();
        JobRunner.Usage used = ended.usage();
        return new Outcome.Ran(
                ended.exitCode() < 0 ? null : ended.exitCode(),
                ended.wall().toMillis() / 1000.0,
                new RunUsage(
                        run.runner(),
                        Optional.ofNullable(ended.facts().get(JobRunner.HOST)),
                        Optional.ofNullable(ended.facts().get(JobRunner.JOB)),
                        Optional.ofNullable(used.cpuSeconds()),
                        Optional.ofNullable(used.peakMemoryBytes()),
                        Optional.of(run.environment()).filter(variables -> !variables.isEmpty()),
                        Optional.of(used.notMeasured()).filter(why -> !why.isEmpty())));
    }

    private static boolean isTransient(Run run) {
        return run.ended().cause() == Cause.EXITED
                && run.tool().descriptor().transientCodes().contains(run.ended().exitCode());
    }

    private static Reason transientEnd(Reason failure) {
        return Reason.of(
                "transient-exit-code",
                failure.message() + "; its descriptor calls this transient, so it is started again by itself");
    }

    private static List<ToolMeasure> measures(Run run, Map<OutputFile, List<Path>> found)
            throws IOException, MeasuresTable.TableException {
        return MeasuresTable.read(found.entrySet().stream()
                .filter(output -> run.tool()
                        .descriptor()
                        .measures()
                        .contains(output.getKey().id()))
                .flatMap(output -> output.getValue().stream())
                .toList());
    }

    private static Reason unreadableMeasures(Run run, MeasuresTable.TableException fault) {
        Descriptor descriptor = run.tool().descriptor();
        return new Reason(
                "measures-unreadable",
                "A table of numbers of " + descriptor.name() + " " + descriptor.toolVersion() + ": "
                        + fault.getMessage(),
                "Let the tool write the columns measure, region, unit and value, or take the output out of custom.datman.measures"
                        + " of its descriptor, " + ASK_AGAIN);
    }

    private static Reason failure(Run run, List<String> missing, List<String> outside, Results results)
            throws IOException {
        Descriptor descriptor = run.tool().descriptor();
        String tool = descriptor.name() + " " + descriptor.toolVersion();
        String log = results.place("logs/" + run.stderr().getFileName());
        Optional<Reason> ofContainer = containerFault(run, tool);
        if (ofContainer.isPresent()) {
            return ofContainer.get();
        }
        if (run.ended().cause() == Cause.NO_PROGRAM) {
            return programMissing(run.command().get(0), tool);
        }
        if (run.ended().cause() == Cause.REFUSED) {
            return refused(run.ended().detail());
        }
        if (run.ended().cause() == Cause.NO_IMAGE) {
            return new Reason(
                    "image-not-pulled",
                    "The cluster cannot get the container image of " + tool + " ("
                            + run.ended().detail() + ")",
                    "Correct container-image in its descriptor, or give the cluster access to the registry, "
                            + ASK_AGAIN);
        }
        if (run.ended().cause() == Cause.MEMORY) {
            return new Reason(
                    "out-of-memory",
                    tool + " needed more memory than it was given and was stopped" + stderrTail(run),
                    "Raise ram in the suggested-resources of its descriptor, " + ASK_AGAIN);
        }
        if (run.ended().cause() == Cause.CANCELLED) {
            return new Reason(
                    "cancelled-on-cluster",
                    tool + " was cancelled on the cluster (" + run.ended().detail() + ")",
                    "Ask who cancelled it, " + ASK_AGAIN);
        }
        if (run.ended().cause() == Cause.WALLTIME) {
            Double estimate = descriptor.resources().walltimeSeconds();
            double limit = estimate == null ? run.ended().wall().toSeconds() : estimate;
            return new Reason(
                    "walltime",
                    tool + " did not finish within " + limit + " s and was stopped",
                    "Find out what it waits for (" + log + "), or raise walltime-estimate in its descriptor, "
                            + ASK_AGAIN);
        }
        if (run.ended().exitCode() != 0) {
            int code = run.ended().exitCode();
            String meaning = Optional.ofNullable(descriptor.errorCodes().get(code))
                    .map(m -> " (" + m + ")")
                    .orElse("");
            return new Reason(
                    "exit-code",
                    tool + " ended with exit code " + code + meaning + stderrTail(run),
                    "Read " + log + ", remove the cause, " + ASK_AGAIN);
        }
        if (!outside.isEmpty()) {
            return new Reason(
                    "output-outside",
                    tool + " wrote links out of the folder of the run as its outputs: " + String.join(", ", outside),
                    "Read " + log + ", correct the tool or its descriptor, " + ASK_AGAIN);
        }
        return new Reason(
                "missing-output",
                tool + " exited with 0 but did not write what its descriptor declares: " + String.join(", ", missing)
                        + stderrTail(run),
                "Read " + log + ", correct the tool or its descriptor, " + ASK_AGAIN);
    }

    /** That the tool was not run, or was killed, in its container. */
    private static Optional<Reason> containerFault(Run run, String tool) throws IOException {
        if (run.container() == PipelineRule.Container.NONE) {
            return Optional.empty();
        }
        PinnedImage image = PinnedImage.parse(run.job().event().image().orElseThrow());
        Optional<Reason> notRun =
                ContainerFault.of(run.container(), image, run.command().get(0), run.ended(), errors(run));
        Double gigabytes = run.tool().descriptor().resources().ramGigabytes();
        if (notRun.isEmpty() && gigabytes != null && ContainerFault.isKilled(run.ended())) {
            return Optional.of(new Reason(
                    "out-of-memory",
                    tool + " was killed, as a container is that needs more than the " + gigabytes
                            + " GB that it was given" + stderrTail(run),
                    "Raise ram in the suggested-resources of its descriptor, " + ASK_AGAIN));
        }
        return notRun;
    }

    /** The end of what was written as errors; empty where the tool ran in no container. */
    private static String errors(Run run) throws IOException {
        if (run.container() == PipelineRule.Container.NONE || !Files.exists(run.stderr())) {
            return "";
        }
        try (RandomAccessFile file = new RandomAccessFile(run.stderr().toFile(), "r")) {
            file.seek(Math.max(0, file.length() - ERRORS_READ));
            byte[] end = new byte[ERRORS_READ];
            int length = file.read(end);
            return length < 0 ? "" : new String(end, 0, length, StandardCharsets.UTF_8);
        }
    }

    /** A tool that has read a DICOM file may print its content, which must not be published in an event. */
    private static String stderrTail(Run run) throws IOException {
        boolean sawDicom = run.job().event().inputs().values().stream().anyMatch(file -> file.role() == FileRole.DICOM);
        String words = sawDicom ? "" : StderrTail.of(run.stderr());
        return words.isEmpty() ? "" : "; its last lines: " + words;
    }
}
