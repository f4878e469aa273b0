package org.datman.pipeline.runner;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.pipeline.boutiques.Descriptor.Resources;
import org.jspecify.annotations.Nullable;

/** One way to run a tool: locally, on a cluster, in a container. Independent of studies, sessions and outputs. */
public interface JobRunner {

    /** Name of this runner, as in the configuration and the provenance. */
    String name();

    /**
     * The handle that {@link #start} will give a command, for a runner whose commands go on when this service ends. It is stored
     * before the start, so that no death of this service can lose a started command.
     */
    Optional<String> handle(Command command);

    /**
     * Starts a command.
     *
     * @throws ProgramMissingException when its program is missing
     * @throws RefusedException when the place refuses it, for a reason that waiting does not change
     * @throws FullException when the place takes it once other commands have ended; it did not start
     * @throws AwayException when the place cannot be reached now, or its answer is lost: ask {@link #resume} whether it started
     * @throws IOException when it could not be started for another, possibly transient reason
     */
    Running start(Command command) throws ProgramMissingException, RefusedException, IOException;

    /**
     * The command that an earlier worker started under this handle, running or ended; empty when the place does not know it.
     *
     * @param handle one that goes on when its service ends
     * @param command as it was started
     * @throws AwayException when the place cannot be reached, or the folder cannot be read, now
     */
    default Optional<Running> resume(String handle, Command command) throws AwayException {
        return Optional.empty();
    }

    /**
     * Ends what an earlier worker left running under this handle, if it still runs.
     *
     * @throws AwayException when the place cannot be reached now
     */
    void end(String handle) throws IOException;

    /**
     * The command to run.
     *
     * @param name unique name: that of its working folder
     * @param folder working folder with its inputs and outputs
     * @param stdout file for its standard output
     * @param stderr file for its standard error
     * @param walltime time limit after which it is ended
     * @param ending command that ends what the command leaves running outside its processes, as a container; empty: there is nothing
     * @param image container image of its descriptor, which only a place uses that knows nothing but images; null where it has none
     */
    record Command(
            String name,
            Path folder,
            List<String> arguments,
            Map<String, String> environment,
            Resources resources,
            Duration walltime,
            Path stdout,
            Path stderr,
            List<String> ending,
            @Nullable String image) {

        /** Of processes alone, without an image. */
        public Command(
                String name,
                Path folder,
                List<String> arguments,
                Map<String, String> environment,
                Resources resources,
                Duration walltime,
                Path stdout,
                Path stderr) {
            this(name, folder, arguments, environment, resources, walltime, stdout, stderr, List.of(), null);
        }
    }

    /** A running command. */
    interface Running {

        /** Identifies it after a restart of this service. */
        String handle();

        /** Waits for its end, at most for this time. */
        Optional<Ended> await(Duration patience) throws InterruptedException;

        /** This service no longer waits for it: it is ended with all its child processes, unless it can be resumed. */
        void abandon();
    }

    /**
     * How it ended.
     *
     * @param exitCode of the program; -1 when it has none
     * @param detail what the place says about the end, may be empty
     * @param started when it began as its place knows it; null where that is when it was started
     * @param wall how long it ran
     * @param facts for the provenance: {@link #JOB}, {@link #HOST}, when it was submitted
     */
    record Ended(
            int exitCode,
            Cause cause,
            String detail,
            @Nullable Instant started,
            Duration wall,
            Map<String, String> facts,
            Usage usage) {}

    /** Fact: id of the job on the cluster. */
    String JOB = "schedulerJob";

    /** Fact: name of the machine. */
    String HOST = "host";

    /**
     * What the processes of a command used.
     *
     * @param cpuSeconds CPU time, user and system, in s; null where it is not known
     * @param peakMemoryBytes largest resident memory, in bytes; null where it is not known
     * @param notMeasured why one of these is not known; empty when both are
     */
    record Usage(@Nullable Double cpuSeconds, @Nullable Long peakMemoryBytes, String notMeasured) {

        static Usage unknown(String why) {
            return new Usage(null, null, why);
        }

        /** Whether nothing of it is known. */
        boolean isUnknown() {
            return cpuSeconds == null && peakMemoryBytes == null;
        }
    }

    /** Why it ended. */
    enum Cause {
        /** By itself. */
        EXITED,
        /** Its program is missing where it ran. */
        NO_PROGRAM,
        /** Its container image cannot be had where it was to run. */
        NO_IMAGE,
        /** Its walltime was exceeded. */
        WALLTIME,
        /** It needed more memory than it was given. */
        MEMORY,
        /** It can never start there, for a limit of the place. */
        REFUSED,
        /** A person, or the place's administration, ended it. */
        CANCELLED,
        /** By a fault of the place: a lost node. It can be run again. */
        LOST
    }

    /** The program of a command is missing. */
    final class ProgramMissingException extends Exception {

        private static final long serialVersionUID = 1L;

        ProgramMissingException(String program) {
            super(program);
        }
    }

    /** The place refuses a command; the message is the place's. */
    final class RefusedException extends Exception {

        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /** The place cannot be reached now. */
    final class AwayException extends IOException {

        private static final long serialVersionUID = 1L;

        public AwayException(String message) {
            super(message);
        }
    }

    /** The place answers, and takes no more commands before others have ended; the message is the place's. */
    final class FullException extends IOException {

        private static final long serialVersionUID = 1L;

        public FullException(String message) {
            super(message);
        }
    }
}
