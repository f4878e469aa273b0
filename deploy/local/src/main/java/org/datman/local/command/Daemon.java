package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.datman.local.Home;
import org.datman.local.process.RunState;
import org.datman.local.process.Supervisor;

/** Starts the supervisor as a process of its own and stops it. */
final class Daemon {

    private static final Duration START_PATIENCE = Duration.ofMinutes(4);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);

    private final Home home;
    private final PrintWriter out;

    Daemon(Home home, PrintWriter out) {
        this.home = home;
        this.out = out;
    }

    /** Starts it and waits until all services are ready, telling what it waits for. */
    RunState start(List<String> arguments) throws IOException, InterruptedException {
        Optional<RunState> running = RunState.running(home.runState());
        if (running.isPresent()) {
            throw new IOException(
                    "DATMAN runs already (process " + running.get().pid() + ", dashboard "
                            + running.get().dashboardUrl() + "); stop it with: datman down");
        }
        endLeftOvers();
        Files.createDirectories(home.logs());
        Files.deleteIfExists(home.runState());
        Path log = home.logs().resolve("supervisor.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx768m", "-XX:+UseSerialGC"));
        // Kafka runs in it; thorough compilation would cost it more than it has to do on one machine.
        command.addAll(Supervisor.QUICK_COMPILER);
        command.addAll(List.of(
                "-Ddatman.home=" + home.folder(),
                "-Ddatman.checkout=" + home.checkout(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                DatmanCommand.class.getName(),
                "supervise"));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        process.getOutputStream().close();
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        String told = "";
        while (System.nanoTime() < deadline) {
            Optional<RunState> state = RunState.read(home.runState());
            if (state.isPresent() && !state.get().message().equals(told)) {
                told = state.get().message();
                out.println("  " + told);
                out.flush();
            }
            if (state.filter(s -> s.phase().equals("up")).isPresent()) {
                return state.get();
            }
            if (!process.isAlive()) {
                throw new IOException("DATMAN did not start: "
                        + state.map(RunState::message).orElse("no word from it") + "; see " + log);
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        throw new IOException("DATMAN did not start in " + START_PATIENCE.toMinutes() + " minutes; see " + log);
    }

    /** Services of a supervisor that was killed are still there; two of a kind must not run on one archive. */
    private void endLeftOvers() throws IOException {
        if (!Files.exists(home.runState())) {
            return;
        }
        // A process that began after the last word of that supervisor only has the number of one of its services.
        Instant lastWord = Files.getLastModifiedTime(home.runState()).toInstant();
        for (RunState.Service service :
                RunState.read(home.runState()).map(RunState::services).orElse(List.of())) {
            ProcessHandle.of(service.pid())
                    .filter(process -> process.info().command().orElse("").contains("java"))
                    .filter(process -> process.info()
                            .startInstant()
                            .filter(lastWord::isAfter)
                            .isPresent())
                    .ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** Asks it to end and waits; false when nothing ran. */
    boolean stop() throws IOException, InterruptedException {
        Optional<RunState> running = RunState.running(home.runState());
        if (running.isEmpty()) {
            return false;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(running.get().pid());
        process.ifPresent(ProcessHandle::destroy);
        long deadline = System.nanoTime() + STOP_PATIENCE.toNanos();
        while (process.filter(ProcessHandle::isAlive).isPresent()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("Process " + running.get().pid() + " did not end in " + STOP_PATIENCE.toSeconds()
                        + " s; see " + home.logs().resolve("supervisor.log"));
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        Files.deleteIfExists(home.runState());
        return true;
    }
}
