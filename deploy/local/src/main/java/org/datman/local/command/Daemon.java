package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.datman.local.InstallationFolder;
import org.datman.local.backup.Restore;
import org.datman.local.process.Orphans;
import org.datman.local.process.RunState;
import org.datman.local.process.Supervisor;

/** Starts the supervisor as a separate process and stops it. */
final class Daemon {

    private static final Duration PRINT_AGAIN = Duration.ofMinutes(1);
    private static final Duration STOP_PATIENCE = Duration.ofMinutes(2);

    private final InstallationFolder home;
    private final PrintWriter out;

    Daemon(InstallationFolder home, PrintWriter out) {
        this.home = home;
        this.out = out;
    }

    /** Two supervisors must not run on one installation, and none on half a restored one. */
    void requireDown() throws IOException {
        if (Restore.isUnfinished(home)) {
            throw new IOException("A restore into " + home.folder()
                    + " did not come to its end: remove the folder, and restore again");
        }
        Optional<RunState> running = RunState.running(home.runState());
        if (running.isPresent()) {
            throw new IOException(
                    "DATMAN is already running (process " + running.get().pid() + ", dashboard "
                            + running.get().dashboardUrl() + "); stop it with: datman down");
        }
    }

    /** Starts it and waits until all services are ready, printing what it waits for. */
    RunState start(List<String> arguments) throws IOException, InterruptedException {
        prepare();
        Path log = home.logs().resolve("supervisor.log");
        Process process = supervisor(arguments)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        process.getOutputStream().close();
        long lastPrinted = System.nanoTime();
        String printed = "";
        while (true) {
            Optional<RunState> state = RunState.read(home.runState());
            boolean longAgo = System.nanoTime() - lastPrinted > PRINT_AGAIN.toNanos();
            if (state.isPresent() && (longAgo || !state.get().message().equals(printed))) {
                printed = state.get().message();
                lastPrinted = System.nanoTime();
                out.println("  " + printed + (longAgo ? " (still; logs in " + home.logs() + ")" : ""));
                out.flush();
            }
            if (state.filter(s -> s.phase().equals("up")).isPresent()) {
                return state.get();
            }
            if (!process.isAlive()) {
                throw new IOException("DATMAN did not start: "
                        + state.map(RunState::message).orElse("it wrote no state") + "; see " + log);
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    /** Starts it, and returns when it ends, with its exit code. The end of this process ends it, too. */
    int run(List<String> arguments) throws IOException, InterruptedException {
        prepare();
        Process process = supervisor(arguments)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            process.destroy();
            try {
                process.waitFor(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        return process.waitFor();
    }

    private void prepare() throws IOException, InterruptedException {
        requireDown();
        int ended = Orphans.end(home);
        if (ended > 0) {
            out.println("  " + ended
                    + " processes of a DATMAN whose supervisor was killed were stopped; this one takes over");
        }
        Files.createDirectories(home.logs());
        Files.deleteIfExists(home.runState());
    }

    private ProcessBuilder supervisor(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "-XX:+UseSerialGC"));
        // It mostly monitors and computes little.
        command.addAll(Supervisor.QUICK_COMPILER);
        command.addAll(List.of(
                Orphans.mark(home),
                "-Ddatman.home=" + home.folder(),
                "-Ddatman.checkout=" + home.checkout(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-cp",
                System.getProperty("java.class.path"),
                DatmanCommand.class.getName(),
                "supervise"));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    /** Stops all processes, including those left by a killed supervisor; false when nothing ran. */
    boolean stop() throws IOException, InterruptedException {
        Optional<RunState> running = RunState.running(home.runState());
        Optional<ProcessHandle> process = running.flatMap(state -> ProcessHandle.of(state.pid()));
        process.ifPresent(ProcessHandle::destroy);
        long deadline = System.nanoTime() + STOP_PATIENCE.toNanos();
        while (process.filter(ProcessHandle::isAlive).isPresent()) {
            if (System.nanoTime() > deadline) {
                // Processes that it should have stopped are stopped next.
                process.get().destroyForcibly();
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        int orphans = Orphans.end(home);
        if (orphans > 0) {
            out.println("  " + orphans + " processes without a supervisor were stopped");
        }
        Files.deleteIfExists(home.runState());
        return running.isPresent() || orphans > 0;
    }
}
