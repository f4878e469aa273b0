package org.datman.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process that is started, monitored, restarted when it dies, and stopped. */
final class ManagedProcess {

    private static final Duration HEALTH_PATIENCE = Duration.ofSeconds(2);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(HEALTH_PATIENCE).build();

    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final @Nullable URI health;
    private final @Nullable URI liveness;
    private final Path log;
    private final Path folder;
    private @Nullable Process process;
    private int restarts;
    private long startedNanos;
    private long lastAlive;
    private long asked;
    private long peakKiB;

    ManagedProcess(
            String name,
            List<String> command,
            Map<String, String> environment,
            @Nullable URI health,
            @Nullable URI liveness,
            Path log,
            Path folder) {
        this.name = name;
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.health = health;
        this.liveness = liveness;
        this.log = log;
        this.folder = folder;
    }

    String name() {
        return name;
    }

    Path log() {
        return log;
    }

    synchronized void start() throws IOException {
        Files.createDirectories(log.getParent());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        Process started = builder.start();
        started.getOutputStream().close();
        process = started;
        startedNanos = System.nanoTime();
        lastAlive = startedNanos;
    }

    /**
     * Polls its health from time to time. A process that is unhealthy or gives no answer for long is killed; the next {@link
     * #reviveIfDead} restarts it.
     *
     * @param every time between two polls
     * @param stuckAfter maximum time without a healthy answer
     * @return whether it was killed
     */
    boolean endIfStuck(Duration every, Duration stuckAfter) throws InterruptedException {
        if (liveness == null || !alive() || System.nanoTime() - asked < every.toNanos()) {
            return false;
        }
        asked = System.nanoTime();
        if (answersWell(liveness)) {
            lastAlive = System.nanoTime();
            return false;
        }
        if (System.nanoTime() - lastAlive < stuckAfter.toNanos()) {
            return false;
        }
        running().destroyForcibly();
        return true;
    }

    /** Restarts the time without a healthy answer: for a time in which it could not be healthy because others were unavailable. */
    void forgive() {
        lastAlive = System.nanoTime();
    }

    /** Restarts it if it died; waits longer between starts when it keeps dying. Returns whether it had died. */
    synchronized boolean reviveIfDead() throws IOException {
        samplePeakMemory();
        if (alive()) {
            return false;
        }
        long aliveSeconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNanos);
        if (aliveSeconds < Math.min(30, restarts)) {
            return false;
        }
        restarts++;
        start();
        return true;
    }

    synchronized int restarts() {
        return restarts;
    }

    synchronized boolean started() {
        return process != null;
    }

    synchronized boolean alive() {
        return running().isAlive();
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException(name + " was not started");
        }
        return process;
    }

    /** Whether its health endpoint reports ready; without a health address, whether it is alive. */
    boolean ready() throws InterruptedException {
        return alive() && (health == null || answersWell(health));
    }

    private static boolean answersWell(URI address) throws InterruptedException {
        try {
            HttpResponse<Void> response = HTTP.send(
                    HttpRequest.newBuilder(address).timeout(HEALTH_PATIENCE).build(),
                    HttpResponse.BodyHandlers.discarding());
            return response.statusCode() < 300;
        } catch (IOException notYet) {
            return false;
        }
    }

    /**
     * Terminates it, by force when it does not end in time.
     *
     * @return whether it ended by itself
     */
    boolean stop(Duration patience) throws InterruptedException {
        if (!started()) {
            return true;
        }
        Process ending = running();
        ending.destroy();
        if (ending.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            return true;
        }
        ending.destroyForcibly().waitFor();
        return false;
    }

    synchronized RunState.Service state() {
        return new RunState.Service(
                name,
                running().pid(),
                restarts,
                health == null ? "" : health.toString(),
                log.toString(),
                peakKiB,
                running().info().totalCpuDuration().map(Duration::toMillis).orElse(0L));
    }

    /** Its peak memory, from the kernel; 0 where that is not available. */
    private void samplePeakMemory() {
        Path status = Path.of("/proc", Long.toString(running().pid()), "status");
        if (!alive() || !Files.isReadable(status)) {
            return;
        }
        try {
            Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .ifPresent(kib -> peakKiB = Math.max(peakKiB, kib));
        } catch (IOException | UncheckedIOException endedMeanwhile) {
            // It ended between the two reads; the last sample is kept.
        }
    }
}
