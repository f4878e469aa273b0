package org.datman.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A PostgreSQL of our own beside this JVM; its data survives in the given folder. Listens on 127.0.0.1 only. */
public final class LocalPostgres implements AutoCloseable {

    /** User of the local database. Nobody else can reach it, so there is no password. */
    public static final String USER = "postgres";

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

    private final EmbeddedPostgres postgres;

    private LocalPostgres(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /**
     * Starts PostgreSQL and waits until it answers.
     *
     * @param folder where binaries are unpacked and data lies
     * @param port where it listens on 127.0.0.1
     */
    public static LocalPostgres start(Path folder, int port) throws IOException {
        Files.createDirectories(folder);
        stopLeftOver(folder.resolve("data"));
        return new LocalPostgres(EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(folder.resolve("binaries").toFile())
                .setDataDirectory(folder.resolve("data"))
                .setCleanDataDirectory(false)
                .setPort(port)
                // Whoever starts it stops it, after those who use it.
                .setRegisterShutdownHook(false)
                .setPGStartupWait(Duration.ofSeconds(60))
                .setServerConfig("max_connections", "120")
                .setServerConfig("shared_buffers", "64MB")
                .start());
    }

    /** A PostgreSQL whose starter was killed still holds the folder; it is asked to end, quickly and cleanly. */
    private static void stopLeftOver(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
        Optional<ProcessHandle> leftOver = ProcessHandle.of(pid)
                .filter(process -> process.info().command().orElse("").contains("postgres"));
        if (leftOver.isPresent()) {
            new ProcessBuilder("kill", "-INT", Long.toString(pid)).start();
            try {
                leftOver.get().onExit().get(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new IOException("PostgreSQL of an earlier run (process " + pid + ") does not end; stop it", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted while PostgreSQL of an earlier run ended", e);
            }
        }
    }

    /** JDBC address of a database of that name. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + database;
    }

    /** Creates the database unless it exists. */
    public void createDatabase(String name) throws SQLException {
        if (!name.matches("[a-z][a-z_]*")) {
            throw new IllegalArgumentException("'" + name + "' is no database name: lower-case letters and _ only");
        }
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            boolean exists = statement
                    .executeQuery("select 1 from pg_database where datname = '" + name + "'")
                    .next();
            if (!exists) {
                statement.execute("create database " + name);
            }
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
