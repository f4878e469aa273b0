package org.datman.export.convert;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.datman.platform.event.OutageException;

/** Runs a program without input, with limits of its time and its memory. */
final class LimitedProgram {

    private final Duration timeLimit;
    private final long memoryMib;

    LimitedProgram(Duration timeLimit, long memoryMib) {
        this.timeLimit = timeLimit;
        this.memoryMib = memoryMib;
    }

    /**
     * Runs it.
     *
     * @param folder its working directory, and its home: it must not find a user's saved defaults
     * @param output where its output and errors go
     * @return the exit code, 127 when the program is missing; empty when it was stopped at the limit of time
     */
    OptionalInt run(List<String> command, Path folder, ProcessBuilder.Redirect output) throws IOException {
        // The shell only sets the limit and then execs the program; no text of the data passes through it.
        List<String> limited = new ArrayList<>(
                List.of("/bin/sh", "-c", "ulimit -v \"$0\" && exec \"$@\"", Long.toString(memoryMib * 1024)));
        limited.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(limited)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output);
        builder.environment().put("HOME", folder.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            if (process.waitFor(timeLimit.toMillis(), TimeUnit.MILLISECONDS)) {
                return OptionalInt.of(process.exitValue());
            }
            process.destroyForcibly().waitFor();
            return OptionalInt.empty();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new OutageException("The service stops while " + command.get(0) + " runs", e);
        }
    }
}
