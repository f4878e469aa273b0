package org.datman.pipeline.runner;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.datman.pipeline.runner.JobRunner.AwayException;
import org.datman.pipeline.runner.JobRunner.Cause;
import org.datman.pipeline.runner.JobRunner.Command;
import org.datman.pipeline.runner.JobRunner.RefusedException;
import org.datman.pipeline.runner.JobRunner.Usage;
import org.datman.pipeline.runner.SchedulerProgram.Answer;
import org.jspecify.annotations.Nullable;

/**
 * Slurm by its programs {@code sbatch} and {@code squeue}; needs no accounting database. Where there is one, {@code sacct} says what a job
 * used that was killed before it could be measured.
 *
 * <p>Job states: https://slurm.schedmd.com/job_state_codes.html
 */
final class Slurm implements Scheduler {

    static final String NAME = "slurm";

    private static final String JOBS = "Name:120|,JobID:24|,State:24|,Reason:60|,exit_code:16|,NodeList:60|";
    private static final int FIELDS = 6;
    /** States in which a job has not ended. */
    private static final Set<String> ACTIVE = Set.of(
            "PENDING",
            "RUNNING",
            "CONFIGURING",
            "COMPLETING",
            "SUSPENDED",
            "STOPPED",
            "SIGNALING",
            "STAGE_OUT",
            "RESIZING",
            "REQUEUED",
            "REQUEUE_FED",
            "REQUEUE_HOLD",
            "SPECIAL_EXIT",
            "RESV_DEL_HOLD");
    /** Reasons for which a job waits until somebody changes it. */
    private static final Set<String> NEVER_STARTS = Set.of(
            "PartitionTimeLimit",
            "PartitionNodeLimit",
            "BadConstraints",
            "InvalidAccount",
            "InvalidQOS",
            "DependencyNeverSatisfied");
    /** Limits for a job by itself: no end of another job lets it start. */
    private static final Pattern LIMIT_OF_ONE_JOB = Pattern.compile("(Assoc|QOS)M(ax|in).*PerJob(Limit)?");

    /** TotalCPU: [[days-]hours:]minutes:seconds. */
    private static final Pattern CPU_TIME =
            Pattern.compile("cpu=(?:(?:([0-9]{1,6})-)?([0-9]{1,2}):)?([0-9]{1,2}):([0-9]{1,2}(?:\\.[0-9]{1,6})?)");

    /** MaxRSS, in multiples of 1024 bytes. */
    private static final Pattern SIZE = Pattern.compile("mem=([0-9]{1,12}(?:\\.[0-9]{1,6})?)([KMGT]?)");

    private static final List<String> UNITS = List.of("", "K", "M", "G", "T");
    private static final String NOT_SAMPLED = "it was killed, and the accounts of the cluster do not have both";

    private static final SchedulerPrograms.Words WORDS = new SchedulerPrograms.Words(
            List.of(
                    "Unable to contact slurm controller",
                    "Socket timed out",
                    "Resource temporarily unavailable",
                    "Transport endpoint is not connected",
                    "Slurm backup controller in standby mode",
                    "Connection refused",
                    "Connection reset",
                    "Connection timed out",
                    "Broken pipe",
                    "Zero Bytes were transmitted or received",
                    "Communication connection failure",
                    "temporarily able to accept",
                    "temporarily unable to accept"),
            // Of how many jobs an account may have, or how large one may be.
            List.of("Job violates accounting/QOS policy"));

    private final SchedulerPrograms program;
    private final List<String> options;

    /** @param options further ones of {@code sbatch}, such as {@code --partition=long} */
    Slurm(SchedulerPrograms program, List<String> options) {
        this.program = program;
        this.options = List.copyOf(options);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String question() {
        return "squeue";
    }

    @Override
    public void submit(String job, Path script, Path log, Command command) throws RefusedException, IOException {
        List<String> line = new ArrayList<>(List.of(
                "sbatch",
                "--parsable",
                // The jobs table decides about a second run, and counts it.
                "--no-requeue",
                "--export=NONE",
                "--job-name=" + job,
                // % begins a placeholder in paths of logs.
                "--output=" + log.toString().replace("%", "%%"),
                "--chdir=" + command.folder(),
                "--time=" + minutes(command.walltime()),
                "--cpus-per-task=" + ToolEnvironment.cores(command)));
        Double gigabytes = command.resources().ramGigabytes();
        if (gigabytes != null) {
            line.add("--mem=" + Math.max(1, (long) Math.ceil(gigabytes * 1024)) + "M");
        }
        line.addAll(options);
        line.add(script.toString());
        WORDS.submitted(program.run(line), this::hasJobs);
    }

    private static long minutes(Duration walltime) {
        return Math.max(1, (walltime.toSeconds() + 59) / 60);
    }

    @Override
    public void cancel(String job) throws IOException {
        Answer answer = program.run(List.of("scancel", "--me", "--name=" + job));
        if (answer.exitCode() != 0) {
            throw new AwayException(answer.words());
        }
    }

    @Override
    public Map<String, State> jobs() throws IOException {
        Answer answer = program.run(List.of("squeue", "--me", "--noheader", "--states=all", "--Format=" + JOBS));
        if (answer.exitCode() != 0) {
            throw new AwayException(answer.words());
        }
        return parse(answer.out());
    }

    /** The lines of {@code squeue}. */
    static Map<String, State> parse(String lines) {
        Map<String, State> jobs = new HashMap<>();
        for (String line : lines.split("\n")) {
            String[] fields = line.split("\\|", -1);
            if (fields.length >= FIELDS) {
                String state = fields[2].strip();
                jobs.merge(
                        fields[0].strip(),
                        new State(
                                fields[1].strip(),
                                cause(state, fields[3].strip()),
                                exitCode(fields[4].strip()),
                                (state + " " + fields[3].strip().replace("None", "")).strip(),
                                fields[5].strip()),
                        // Of two jobs of one name only the first runs the tool: see ClusterScript.
                        (one, other) -> one.ended() == null ? one : other);
            }
        }
        return jobs;
    }

    private static @Nullable Cause cause(String state, String reason) {
        if (state.equals("PENDING")
                && (NEVER_STARTS.contains(reason)
                        || LIMIT_OF_ONE_JOB.matcher(reason).matches())) {
            return Cause.REFUSED;
        }
        if (ACTIVE.contains(state)) {
            return null;
        }
        return switch (state) {
            case "COMPLETED" -> Cause.EXITED;
            // A script that ends by itself has "NonZeroExitCode"; everything else happened to it.
            case "FAILED" -> reason.toLowerCase(Locale.ROOT).contains("nonzeroexitcode") ? Cause.EXITED : Cause.LOST;
            case "TIMEOUT", "DEADLINE" -> Cause.WALLTIME;
            case "OUT_OF_MEMORY" -> Cause.MEMORY;
            case "CANCELLED" -> Cause.CANCELLED;
            default -> Cause.LOST;
        };
    }

    /**
     * {@code TRESUsageInTot}, and not {@code TotalCPU}, which is that of the first process of a step alone when a signal ended the step
     * (sacct(1)). By name {@code sacct} finds only jobs of today without a time.
     */
    @Override
    public Optional<Usage> used(String job, Instant since) throws IOException {
        // A day before: it reads local time.
        String day = LocalDate.ofInstant(since, ZoneOffset.UTC).minusDays(1).toString();
        Answer answer = program.run(List.of(
                "sacct",
                "--noheader",
                "--parsable2",
                "--name=" + job,
                "--starttime=" + day,
                "--format=TRESUsageInTot"));
        return answer.exitCode() == 0 ? accounted(answer.out()) : Optional.empty();
    }

    /** The lines of {@code sacct}: of the job, which has none, and of its steps, of which only one runs the tool. A 0 was never sampled. */
    static Optional<Usage> accounted(String lines) {
        Double cpu = null;
        Long memory = null;
        for (String line : lines.split("\n")) {
            for (String value : line.split("[,|]")) {
                Matcher time = CPU_TIME.matcher(value);
                if (time.matches()) {
                    double seconds = part(time, 1) * 86_400 + part(time, 2) * 3600 + part(time, 3) * 60 + part(time, 4);
                    cpu = seconds == 0 ? cpu : Double.valueOf(cpu == null ? seconds : Math.max(cpu, seconds));
                }
                Matcher size = SIZE.matcher(value);
                if (size.matches()) {
                    long bytes = (long) (Double.parseDouble(size.group(1)) * (1L << UNITS.indexOf(size.group(2)) * 10));
                    memory = bytes == 0 ? memory : Long.valueOf(memory == null ? bytes : Math.max(memory, bytes));
                }
            }
        }
        return cpu == null && memory == null
                ? Optional.empty()
                : Optional.of(new Usage(cpu, memory, cpu == null || memory == null ? NOT_SAMPLED : ""));
    }

    private static double part(Matcher time, int group) {
        String text = time.group(group);
        return text == null ? 0 : Double.parseDouble(text);
    }

    /** {@code squeue} prints the status of waitpid(2): the exit code, or the signal in the lower byte. */
    private static int exitCode(String status) {
        try {
            int value = Integer.parseInt(status);
            return (value & 0x7f) == 0 ? value >> 8 : 128 + (value & 0x7f);
        } catch (NumberFormatException none) {
            return -1;
        }
    }
}
