package org.datman.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.datman.embedded.LocalPostgres;
import org.datman.embedded.ServiceRole;
import org.datman.local.InstallationFolder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the installation's PostgreSQL running on one port with one folder; a dead or stuck one is restarted. */
final class PostgresKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresKeeper.class);

    static final String NAME = "postgres";

    /** The schemas of each service that has a database; its role there has its name. */
    private static final Map<String, List<String>> SCHEMAS = Map.of(
            "ingest", List.of("ingest"),
            "qc", List.of("qc"),
            "pipeline", List.of("pipeline"),
            "dashboard", List.of("dashboard", "dashboard_granted"));

    /** Recovery after a crash on a slow disk takes minutes. */
    private static final Duration RECOVERY = Duration.ofMinutes(30);

    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(2);

    private final InstallationFolder home;
    private final int port;
    private final Duration askEvery;
    private final Duration stuckAfter;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, NAME);
        thread.setDaemon(true);
        return thread;
    });
    private volatile @Nullable LocalPostgres postgres;
    private volatile boolean closing;
    private volatile boolean answering;
    private volatile long lastAnswer;
    private volatile int restarts;
    private CompletableFuture<Void> task = CompletableFuture.completedFuture(null);
    private long asked;

    PostgresKeeper(InstallationFolder home, int port, Duration askEvery, Duration stuckAfter) {
        this.home = home;
        this.port = port;
        this.askEvery = askEvery;
        this.stuckAfter = stuckAfter;
    }

    Path log() {
        return home.logs().resolve(NAME + ".log");
    }

    String jdbcUrl() {
        return LocalPostgres.jdbcUrl(port, InstallationFolder.DATABASE);
    }

    /** Starts it and waits until it answers and has its database. */
    void start() throws IOException, SQLException {
        LocalPostgres started = LocalPostgres.startDurable(
                home.postgres(), port, home.secret(InstallationFolder.POSTGRES_PASSWORD), log(), RECOVERY);
        postgres = started;
        started.createDatabase(InstallationFolder.DATABASE);
        List<ServiceRole> roles = new ArrayList<>();
        for (Map.Entry<String, List<String>> service : SCHEMAS.entrySet()) {
            roles.add(new ServiceRole(service.getKey(), password(home, service.getKey()), service.getValue()));
        }
        started.prepareRoles(InstallationFolder.DATABASE, roles);
        answered();
    }

    /** Whether a service has a role, and so a password, of its own. */
    static boolean hasRole(String service) {
        return SCHEMAS.containsKey(service);
    }

    /** The password of a service's role: in a file of its own. */
    static String password(InstallationFolder home, String service) throws IOException {
        return Files.readString(home.secret("postgres-" + service + "-password"))
                .strip();
    }

    boolean ready() {
        return answering;
    }

    /** Checks it without waiting. Returns what happened, if anything did. */
    synchronized Optional<String> watch() {
        LocalPostgres now = postgres;
        if (closing || now == null || !task.isDone()) {
            return Optional.empty();
        }
        if (!now.alive()) {
            answering = false;
            restarts++;
            task = CompletableFuture.runAsync(this::startAgain, worker);
            return Optional.of("PostgreSQL died and is restarted");
        }
        long nanos = System.nanoTime();
        if (nanos - lastAnswer > stuckAfter.toNanos()) {
            now.abort();
            return Optional.of("PostgreSQL has not answered for " + stuckAfter.toSeconds() + " s and is killed");
        }
        if (nanos - asked > askEvery.toNanos()) {
            asked = nanos;
            task = CompletableFuture.runAsync(
                    () -> {
                        if (now.answers()) {
                            answered();
                        } else {
                            answering = false;
                        }
                    },
                    worker);
        }
        return Optional.empty();
    }

    private void answered() {
        lastAnswer = System.nanoTime();
        answering = true;
    }

    private void startAgain() {
        while (!closing) {
            try {
                start();
                return;
            } catch (IOException | SQLException | RuntimeException e) {
                LOG.warn("PostgreSQL did not start and is retried error={}", e.getMessage());
            }
            try {
                TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    Optional<RunState.Service> state() {
        LocalPostgres now = postgres;
        return now == null
                ? Optional.empty()
                : Optional.of(new RunState.Service(NAME, now.pid(), restarts, "", log().toString(), 0, 0));
    }

    @Override
    public void close() throws IOException {
        closing = true;
        worker.shutdownNow();
        try {
            worker.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LocalPostgres running = postgres;
        if (running != null) {
            running.close();
        }
    }
}
