package org.datman.pipeline.runner;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Runs a tool as a process of this machine. */
@ApplicationScoped
public class LocalRunner implements JobRunner {

    private static final Logger LOG = Logger.getLogger(LocalRunner.class);
    private static final long LOOK_MILLIS = 200;
    private static final long GRACE_MILLIS = 2_000;
    private static final long END_WITHIN_SECONDS = 60;

    private final List<String> passed;

    public LocalRunner(@ConfigProperty(name = "datman.pipelines.pass-environment") List<String> passed) {
        this.passed = passed;
    }

    @Override
    public String name() {
        return "local";
    }

    @Override
    public Optional<String> handle(Command command) {
        return Optional.empty();
    }

    @Override
    public Running start(Command command) throws ProgramMissingException, IOException {
        ProcessBuilder builder = new ProcessBuilder(MeasuredCommand.of(command, false))
                .directory(command.folder().toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(passed);
        // A Java tool runs on the Java of this service.
        environment.merge(
                "PATH", Path.of(System.getProperty("java.home"), "bin").toString(), (path, own) -> own + ":" + path);
        environment.putAll(ToolEnvironment.of(command));
        String program = command.arguments().get(0);
        if (!isThere(program, command.folder(), environment.getOrDefault("PATH", ""))) {
            throw new ProgramMissingException(program);
        }
        Process process = builder.start();
        process.getOutputStream().close();
        return new LocalProcess(process, command, Map.copyOf(environment));
    }

    /** As the shell looks for it. */
    private static boolean isThere(String program, Path folder, String path) {
        return program.contains("/")
                ? isExecutable(folder.resolve(program))
                : Stream.of(path.split(":"))
                        .anyMatch(each -> isExecutable(folder.resolve(each).resolve(program)));
    }

    private static boolean isExecutable(Path file) {
        return Files.isExecutable(file) && !Files.isDirectory(file);
    }

    @Override
    public void end(String handle) {
        String[] parts = handle.split("@", 2);
        ProcessHandle.of(Long.parseLong(parts[0]))
                .filter(process -> handle.equals(handleOf(process)))
                .ifPresent(process -> {
                    LOG.warnf("Ending the process of a dead worker handle=%s", handle);
                    Set<ProcessHandle> all = new HashSet<>();
                    all.add(process);
                    process.descendants().forEach(all::add);
                    kill(all);
                });
    }

    /** A process id alone may be reused; together with the start time it is unique. */
    private static String handleOf(ProcessHandle process) {
        return process.pid() + "@"
                + process.info().startInstant().map(Object::toString).orElse("");
    }

    /** Terminates, then kills. */
    private static void kill(Set<ProcessHandle> processes) {
        processes.forEach(ProcessHandle::destroy);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS);
        for (ProcessHandle process : processes) {
            try {
                process.onExit().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (java.util.concurrent.TimeoutException stillThere) {
                process.destroyForcibly();
            } catch (java.util.concurrent.ExecutionException e) {
                throw new IllegalStateException("The end of a process cannot fail", e);
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    private static final class LocalProcess implements Running {

        private final Process process;
        private final Command command;
        private final Map<String, String> environment;
        private final String handle;
        private final long started = System.nanoTime();
        private final Set<ProcessHandle> family = new HashSet<>();
        private final List<Thread> pumps;
        /** Of what the command has run by others. */
        private final @Nullable ContainerUsage container;

        LocalProcess(Process process, Command command, Map<String, String> environment) {
            this.process = process;
            this.command = command;
            this.environment = environment;
            this.handle = handleOf(process.toHandle());
            List<String> ending = command.ending();
            this.container = ending.isEmpty()
                    ? null
                    : new ContainerUsage(ending.get(0), ending.get(ending.size() - 1), environment);
            this.pumps = List.of(
                    pump(process.getInputStream(), command.stdout()), pump(process.getErrorStream(), command.stderr()));
        }

        @Override
        public String handle() {
            return handle;
        }

        @Override
        public Optional<Ended> await(Duration patience) throws InterruptedException {
            long deadline = System.nanoTime() + patience.toNanos();
            while (System.nanoTime() < deadline) {
                // Recorded while alive: children of an ended process cannot be found any more.
                process.descendants().forEach(family::add);
                if (container != null) {
                    container.look();
                }
                if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    return Optional.of(ended(Cause.EXITED));
                }
                if (System.nanoTime() - started > command.walltime().toNanos()) {
                    abandon();
                    process.waitFor();
                    return Optional.of(ended(Cause.WALLTIME));
                }
            }
            return Optional.empty();
        }

        @Override
        public void abandon() {
            process.descendants().forEach(family::add);
            family.add(process.toHandle());
            LocalRunner.kill(family);
            endTheRest();
        }

        private Ended ended(Cause cause) throws InterruptedException {
            Duration wall = Duration.ofNanos(System.nanoTime() - started);
            LocalRunner.kill(family);
            endTheRest();
            for (Thread pump : pumps) {
                pump.join(GRACE_MILLIS);
            }
            return new Ended(
                    process.exitValue(),
                    cause,
                    "",
                    null,
                    wall,
                    Map.of(HOST, ToolEnvironment.host()),
                    container == null ? MeasuredCommand.read(command) : container.usage());
        }

        /** After the processes: one that is killed cannot start what is ended here once more. */
        private void endTheRest() {
            if (command.ending().isEmpty()) {
                return;
            }
            ProcessBuilder builder = new ProcessBuilder(command.ending())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().clear();
            builder.environment().putAll(environment);
            try {
                Process end = builder.start();
                if (!end.waitFor(END_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                    end.destroyForcibly();
                    LOG.warnf("A command may have left something running name=%s", command.name());
                }
            } catch (IOException e) {
                LOG.warnf("What a command left cannot be ended name=%s error=%s", command.name(), e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Stores the beginning of a stream; the rest is read and discarded, so that the tool does not block. */
        private static Thread pump(InputStream from, Path to) {
            Thread thread = new Thread(
                    () -> {
                        try (from;
                                OutputStream out = Files.newOutputStream(to)) {
                            byte[] buffer = new byte[8192];
                            long written = 0;
                            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                                if (written < ToolLogs.LARGEST) {
                                    out.write(buffer, 0, n);
                                    written += n;
                                    if (written >= ToolLogs.LARGEST) {
                                        out.write(ToolLogs.END);
                                    }
                                }
                            }
                        } catch (IOException e) {
                            LOG.warnf(
                                    "A log of a tool is incomplete file=%s error=%s", to.getFileName(), e.getMessage());
                        }
                    },
                    "tool-log");
            thread.setDaemon(true);
            thread.start();
            return thread;
        }
    }
}
