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
import java.util.stream.Collectors;
import org.datman.pipeline.runner.JobRunner.AwayException;
import org.jboss.logging.Logger;

/** Runs a program of a batch system. */
final class SchedulerProgram implements SchedulerPrograms {

    private static final Logger LOG = Logger.getLogger(SchedulerProgram.class);
    private static final int LARGEST_ANSWER = 64 << 20;
    private static final int LONGEST_WORDS = 500;
    /** Exit codes of a program that a signal ended, as this one's watchdog does. */
    private static final int SIGNALLED = 128;

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

        /** All it wrote as errors, or else as output, in one line. */
        String words() {
            String words = (err.isBlank() ? out : err)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .distinct()
                    .collect(Collectors.joining(" / "));
            return words.length() <= LONGEST_WORDS ? words : words.substring(0, LONGEST_WORDS) + "…";
        }
    }

    @Override
    public Answer run(List<String> command) throws IOException {
        Path err = Files.createTempFile("datman-scheduler-", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = start(builder);
            try {
                return answer(process, err);
            } catch (IOException e) {
                throw new AwayException("The answer of " + command.get(0) + " was lost: " + e.getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AwayException(command.get(0) + " was interrupted");
        } finally {
            delete(err);
        }
    }

    private static void delete(Path err) {
        try {
            Files.deleteIfExists(err);
        } catch (IOException e) {
            LOG.debugf("A temporary file is left file=%s error=%s", err, e.getMessage());
        }
    }

    private Answer answer(Process process, Path err) throws IOException, InterruptedException {
        Thread watchdog = watchdog(process);
        String out;
        try (InputStream answer = process.getInputStream()) {
            process.getOutputStream().close();
            out = new String(answer.readNBytes(LARGEST_ANSWER), StandardCharsets.UTF_8);
            process.waitFor();
        } finally {
            watchdog.interrupt();
        }
        if (process.exitValue() >= SIGNALLED) {
            throw new IOException("it did not answer within " + patience.toSeconds() + " s, or was ended");
        }
        return new Answer(process.exitValue(), out, Files.readString(err, StandardCharsets.UTF_8));
    }

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
