package org.datman.pipeline.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.pipeline.boutiques.Descriptor.Resources;

/** One way to run a tool: locally, on a cluster, in a container. Independent of studies, sessions and outputs. */
public interface JobRunner {

    /** Name of this runner, for the provenance. */
    String name();

    /**
     * Starts a command.
     *
     * @throws ProgramMissingException when its program is missing
     * @throws IOException when it could not be started for a possibly transient reason
     */
    Running start(Command command) throws ProgramMissingException, IOException;

    /** Ends the process that an earlier worker left running under that handle, if it still runs. */
    void end(String handle);

    /**
     * The command to run.
     *
     * @param folder working folder with its inputs and outputs
     * @param stdout file for its standard output
     * @param stderr file for its standard error
     * @param walltime time limit after which it is ended
     */
    record Command(
            Path folder,
            List<String> arguments,
            Map<String, String> environment,
            Resources resources,
            Duration walltime,
            Path stdout,
            Path stderr) {}

    /** A running command. */
    interface Running {

        /** Identifies it after a restart of this service. */
        String handle();

        /** Waits for its end, at most for this time. */
        Optional<Ended> await(Duration patience) throws InterruptedException;

        /** Ends it with all its child processes. */
        void kill();
    }

    /**
     * How it ended.
     *
     * @param exitCode of the program
     * @param overtime whether it was ended because its walltime was exceeded
     */
    record Ended(int exitCode, boolean overtime, Duration wall) {}

    /** The program of a command is missing. */
    final class ProgramMissingException extends Exception {

        private static final long serialVersionUID = 1L;

        ProgramMissingException(String program, Throwable cause) {
            super(program, cause);
        }
    }
}
