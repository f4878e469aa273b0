package org.datman.pipeline.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.pipeline.boutiques.Descriptor.Resources;

/** One way of running a tool: here, on a cluster, in a container. Knows nothing of studies, sessions or outputs. */
public interface JobRunner {

    /** Name of this way, for the provenance. */
    String name();

    /**
     * Starts a command.
     *
     * @throws ProgramMissingException when its program is not there
     * @throws IOException when it could not be started for a reason that may pass
     */
    Running start(Command command) throws ProgramMissingException, IOException;

    /** Ends what an earlier worker left running under that handle, if it still runs. */
    void end(String handle);

    /**
     * What to run.
     *
     * @param folder where it runs; it finds its inputs there and writes its outputs there
     * @param stdout where its output is kept
     * @param stderr where its errors are kept
     * @param walltime after which it is ended
     */
    record Command(
            Path folder,
            List<String> arguments,
            Map<String, String> environment,
            Resources resources,
            Duration walltime,
            Path stdout,
            Path stderr) {}

    /** A command that runs. */
    interface Running {

        /** Finds it again after a restart of this service. */
        String handle();

        /** Waits for its end, at most that long. */
        Optional<Ended> await(Duration patience) throws InterruptedException;

        /** Ends it with all that it started. */
        void kill();
    }

    /**
     * How it ended.
     *
     * @param exitCode of the program
     * @param overtime whether it was ended because its walltime was over
     */
    record Ended(int exitCode, boolean overtime, Duration wall) {}

    /** The program of a command is not there. */
    final class ProgramMissingException extends Exception {

        private static final long serialVersionUID = 1L;

        ProgramMissingException(String program, Throwable cause) {
            super(program, cause);
        }
    }
}
