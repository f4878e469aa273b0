package org.datman.pipeline.runner;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.datman.pipeline.runner.JobRunner.AwayException;
import org.datman.pipeline.runner.JobRunner.Cause;
import org.datman.pipeline.runner.JobRunner.Command;
import org.datman.pipeline.runner.JobRunner.RefusedException;
import org.datman.pipeline.runner.JobRunner.Usage;
import org.jspecify.annotations.Nullable;

/** The batch system of a cluster. Jobs are known by their names, which are unique. */
interface Scheduler {

    /** As in the configuration: {@code slurm}, {@code sge}, {@code kubernetes}. */
    String name();

    /** Whether a job's environment is that of its container image, to which that of the tool is added. */
    default boolean imageHasEnvironment() {
        return false;
    }

    /** Whether a job that ended stays in the list for so long that one that is not there any more was deleted. */
    default boolean listsUntilDeleted() {
        return false;
    }

    /** The program by which a person asks it for the jobs of an account. */
    String question();

    /**
     * Submits a job.
     *
     * @param script to run
     * @param log file for what the batch system itself writes about the job
     * @throws RefusedException with the batch system's words
     * @throws JobRunner.FullException when it takes the job once others of this account have ended
     * @throws AwayException when it does not answer, or its answer is lost: whether the job was submitted is seen from the jobs only
     */
    void submit(String job, Path script, Path log, Command command) throws RefusedException, IOException;

    /**
     * Cancels a job, if it still waits or runs.
     *
     * @throws AwayException when it does not answer
     */
    void cancel(String job) throws IOException;

    /**
     * All jobs of this account that wait, run, or ended recently, by name.
     *
     * @throws AwayException when it does not answer
     */
    Map<String, State> jobs() throws IOException;

    /** What the accounts say of a job that has ended, for a batch system whose list does not say why; empty where there are none. */
    default Optional<State> ended(String job) {
        return Optional.empty();
    }

    /**
     * What the accounts say that the processes of a job used; empty where there are none, or they do not have it yet.
     *
     * @param since when it was submitted
     * @throws IOException when they cannot be asked
     */
    default Optional<Usage> used(String job, Instant since) throws IOException {
        return Optional.empty();
    }

    /** Whether this account has jobs that wait or run: their end may make room for another. */
    default boolean hasJobs() throws IOException {
        return jobs().values().stream().anyMatch(job -> job.ended() == null);
    }

    /**
     * What is known of a job.
     *
     * @param id of the batch system
     * @param ended why it ended; null while it waits or runs
     * @param exitCode of the script; -1 when it has none, or the list does not have it
     * @param detail words of the batch system: why it waits, or why it ended
     * @param host where it runs or ran; may be empty
     */
    record State(String id, @Nullable Cause ended, int exitCode, String detail, String host) {}
}
