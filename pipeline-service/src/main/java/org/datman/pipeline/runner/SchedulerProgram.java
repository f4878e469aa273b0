package org.datman.pipeline.runner;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.datman.pipeline.runner.JobRunner.AwayException;

/** Runs a program of a batch system. */
final class SchedulerProgram {

    private static final int LARGEST_ANSWER = 64 << 20;

    private final Map<String, String> environment;
    private final Duration patience;

    /**
     * @param environment added to that of this process
     * @param patience for one answer
     */
    SchedulerProgram(Map<String, String> environment, Duration patience) {
        this.environment = Map.copyOf(environment);
        this.patience = patience;
    }

    /** What a program wrote. */
    record Answer(int exitCode, String out, String err) {

        /** The last line of its errors, or of its output. */
        String lastLine() {
            return (err.isBlank() ? out : err).strip().lines().reduce("", (first, last) -> last);
        }
    }

    /**
     * Waits for the end of a program.
     *
     * @throws AwayException when it cannot be started, or does not end in time
     */
    Answer run(List<String> command) throws IOException {
        Path err = Files.createTempFile("datman-scheduler-", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = start(builder);
            process.getOutputStream().close();
            Thread watchdog = watchdog(process);
            String out;
            try (InputStream answer = process.getInputStream()) {
                out = new String(answer.readNBytes(LARGEST_ANSWER), StandardCharsets.UTF_8);
            }
            try {
                process.waitFor();
            } finally {
                watchdog.interrupt();
            }
            if (process.exitValue() == KILLED) {
                throw new AwayException(command.get(0) + " did not answer within " + patience.toSeconds() + " s");
            }
            return new Answer(process.exitValue(), out, Files.readString(err, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AwayException(command.get(0) + " was interrupted");
        } finally {
            Files.deleteIfExists(err);
        }
    }

    /** 128 and SIGKILL. */
    private static final int KILLED = 137;

    private static Process start(ProcessBuilder builder) throws AwayException {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new AwayException("The program " + builder.command().get(0) + " cannot be run: " + e.getMessage());
        }
    }

    private Thread watchdog(Process process) {
        Thread thread = new Thread(
                () -> {
                    try {
                        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                            process.destroyForcibly();
                        }
                    } catch (InterruptedException ended) {
                        Thread.currentThread().interrupt();
                    }
                },
                "scheduler-watchdog");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
