package org.datman.pipeline.runner;

import java.io.IOException;
import java.util.List;
import org.datman.pipeline.runner.JobRunner.AwayException;
import org.datman.pipeline.runner.JobRunner.FullException;
import org.datman.pipeline.runner.JobRunner.RefusedException;
import org.datman.pipeline.runner.SchedulerProgram.Answer;

/** Runs a program of a batch system, as {@link SchedulerProgram} does. */
interface SchedulerPrograms {

    /** @throws AwayException when it cannot be started, does not end in time, or its answer is lost: what it was to do may be done */
    Answer run(List<String> command) throws IOException;

    /** Whether this account has jobs whose end may make room for another. */
    interface Account {
        boolean hasJobs() throws IOException;
    }

    /**
     * What a program says that did not submit a job.
     *
     * @param passing words after which the same request may succeed, or has succeeded already
     * @param limits words of limits of how many jobs an account may have
     */
    record Words(List<String> passing, List<String> limits) {

        /**
         * @throws AwayException when the same submission may succeed, or has succeeded already
         * @throws FullException when it may succeed once jobs of the account have ended
         * @throws RefusedException when it cannot succeed
         */
        void submitted(Answer answer, Account account) throws RefusedException, IOException {
            if (answer.exitCode() == 0) {
                return;
            }
            if (passing.stream().anyMatch(answer.err()::contains)) {
                throw new AwayException(answer.words());
            }
            if (limits.stream().anyMatch(answer.err()::contains) && account.hasJobs()) {
                throw new FullException(answer.words());
            }
            throw new RefusedException(answer.words());
        }
    }
}
