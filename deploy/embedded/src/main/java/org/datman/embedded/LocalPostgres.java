package org.datman.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * A separate PostgreSQL next to this JVM; its data survives in the given folder. Listens on 127.0.0.1 only and nowhere else (no
 * Unix socket).
 */
public final class LocalPostgres implements AutoCloseable {

    /** User of the local database. */
    public static final String USER = "postgres";

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);
    private static final Duration ORPHAN_PATIENCE = Duration.ofSeconds(10);
    private static final int LOGIN_SECONDS = 5;

    private static final String HBA_WITH_PASSWORD =
            "# Written by DATMAN at every start: every connection requires the password.\n"
                    + "host all all 127.0.0.1/32 scram-sha-256\n";
    private static final String HBA_OF_TESTS = "host all all 127.0.0.1/32 trust\n";

    /** Settings against a power cut: nothing is acknowledged before it is on the disk, and no page is partly written. */
    private static final Map<String, String> DURABLE =
            Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on");

    private static final Map<String, String> FAST =
            Map.of("fsync", "off", "synchronous_commit", "off", "full_page_writes", "off");

    private final Process process;
    private final int port;
    private final String password;

    private LocalPostgres(Process process, int port, String password) {
        this.process = process;
        this.port = port;
        this.password = password;
    }

    /**
     * Starts a PostgreSQL for tests and waits until it answers: fast, without a password, and a crash of the machine may lose what
     * was written last.
     *
     * @param folder for the binaries and the data
     * @param port where it listens on 127.0.0.1
     */
    public static LocalPostgres start(Path folder, int port) throws IOException {
        return start(folder, port, null, folder.resolve("postgres.log"), Duration.ofSeconds(60));
    }

    /**
     * Starts a PostgreSQL that keeps acknowledged data over a power cut and requires the password, and waits until it
     * answers. An installation that had no password, or another, gets this one before it listens.
     *
     * @param passwordFile one line; only its owner should be able to read it
     * @param log where it writes its log
     * @param patience how long recovery after a crash may take
     * @throws IOException when it ends while it starts, or does not answer in time
     */
    public static LocalPostgres startDurable(Path folder, int port, Path passwordFile, Path log, Duration patience)
            throws IOException {
        String password = Files.readString(passwordFile).strip();
        if (password.isEmpty()) {
            throw new IOException(passwordFile + " is empty: it must hold the password of the database");
        }
        return start(folder, port, password, log, patience);
    }

    /** @param password null for a PostgreSQL of tests, which needs none */
    private static LocalPostgres start(Path folder, int port, @Nullable String password, Path log, Duration patience)
            throws IOException {
        Files.createDirectories(folder);
        Files.createDirectories(log.toAbsolutePath().getParent());
        Path data = folder.resolve("data");
        stopLeftOver(folder);
        PostgresBinaries binaries = PostgresBinaries.in(folder.resolve("binaries"));
        endOrphans(binaries);
        if (!Files.exists(data.resolve("PG_VERSION"))) {
            initialize(binaries, data, password != null, log);
        }
        if (password != null) {
            setPassword(binaries, folder, password, log);
        }
        write(data.resolve("pg_hba.conf"), password != null ? HBA_WITH_PASSWORD : HBA_OF_TESTS);
        Process process = launch(binaries, data, port, password != null ? DURABLE : FAST, log);
        LocalPostgres postgres = new LocalPostgres(process, port, password == null ? "" : password);
        try {
            postgres.awaitAnswer(patience, log);
        } catch (IOException | RuntimeException e) {
            postgres.close();
            throw e;
        }
        return postgres;
    }

    private static void initialize(PostgresBinaries binaries, Path data, boolean durable, Path log) throws IOException {
        // In a temporary folder: the remains of a killed initdb would look like a database.
        Path temporary = data.resolveSibling("data.new");
        delete(temporary);
        List<String> arguments = new ArrayList<>(List.of(
                "-D",
                temporary.toString(),
                "-U",
                USER,
                "-E",
                "UTF-8",
                // The same collation on every machine, with any locales.
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--auth=scram-sha-256",
                "--pwfile"));
        Path first = Files.createTempFile(data.getParent(), "first", ".tmp");
        try {
            // initdb requires one for scram; the real one is set next.
            Files.writeString(first, HexFormat.of().formatHex(java.security.SecureRandom.getSeed(16)));
            arguments.add(first.toString());
            if (durable) {
                arguments.add("--data-checksums");
            } else {
                arguments.add("--no-sync");
            }
            run(binaries, "initdb", arguments, "", log);
        } finally {
            Files.deleteIfExists(first);
        }
        if (Files.isDirectory(data)) {
            Files.delete(data);
        }
        Files.move(temporary, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Sets the password while no client can connect: the server runs for one statement, without any port. */
    private static void setPassword(PostgresBinaries binaries, Path folder, String password, Path log)
            throws IOException {
        Path applied = folder.resolve("password.sha256");
        String digest = DigestUtils.sha256Hex(password);
        if (Files.exists(applied) && Files.readString(applied).strip().equals(digest)) {
            return;
        }
        if (!password.matches("[A-Za-z0-9_-]+")) {
            throw new IOException("The password of the database may have letters, digits, _ and - only");
        }
        run(
                binaries,
                "postgres",
                List.of(
                        "--single",
                        "-D",
                        folder.resolve("data").toString(),
                        "-c",
                        "password_encryption=scram-sha-256",
                        "postgres"),
                "alter role " + USER + " password '" + password + "'\n",
                log);
        write(applied, digest + "\n");
    }

    private static Process launch(
            PostgresBinaries binaries, Path data, int port, Map<String, String> durability, Path log)
            throws IOException {
        Map<String, String> settings = new TreeMap<>(durability);
        settings.put("port", Integer.toString(port));
        settings.put("listen_addresses", "127.0.0.1");
        settings.put("unix_socket_directories", "");
        settings.put("password_encryption", "scram-sha-256");
        settings.put("max_connections", "120");
        settings.put("shared_buffers", "64MB");
        settings.put("timezone", "UTC");
        settings.put("log_timezone", "UTC");
        List<String> command = new ArrayList<>(binaries.command("postgres", "-D", data.toString()));
        settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        process.getOutputStream().close();
        return process;
    }

    private void awaitAnswer(Duration patience, Path log) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                ask();
                return;
            } catch (SQLException notYet) {
                if (!process.isAlive()) {
                    throw new IOException("PostgreSQL ended while it started; its log is " + log, notYet);
                }
                // 28P01: it runs, and the password is not that of its file.
                if ("28P01".equals(notYet.getSQLState()) || System.nanoTime() > deadline) {
                    throw new IOException(
                            "PostgreSQL on port " + port + " does not answer: " + notYet.getMessage() + "; its log is "
                                    + log,
                            notYet);
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted while PostgreSQL started", e);
            }
        }
    }

    private void ask() throws SQLException {
        ask(jdbcUrl("postgres"), password);
    }

    /** Checks whether a PostgreSQL works. */
    public static void ask(String jdbcUrl, String password) throws SQLException {
        try (Connection connection = connect(jdbcUrl, password);
                Statement statement = connection.createStatement()) {
            statement.execute("select 1");
        }
    }

    private static Connection connect(String jdbcUrl, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", USER);
        properties.setProperty("password", password);
        properties.setProperty("loginTimeout", Integer.toString(LOGIN_SECONDS));
        properties.setProperty("connectTimeout", Integer.toString(LOGIN_SECONDS));
        properties.setProperty("socketTimeout", Integer.toString(LOGIN_SECONDS * 6));
        return DriverManager.getConnection(jdbcUrl, properties);
    }

    /** Whether its process runs. */
    public boolean alive() {
        return process.isAlive();
    }

    /** Whether it answers a query. */
    public boolean answers() {
        try {
            ask();
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    /** Id of its first process. */
    public long pid() {
        return process.pid();
    }

    /** Stops a PostgreSQL whose parent was killed and that still uses the folder; true if there was one. */
    public static boolean stopLeftOver(Path folder) throws IOException {
        Optional<ProcessHandle> leftOver = leftOver(folder);
        if (leftOver.isEmpty()) {
            return false;
        }
        stop(leftOver.get());
        return true;
    }

    /** The PostgreSQL that uses the folder, if any. */
    public static Optional<ProcessHandle> leftOver(Path folder) throws IOException {
        Path pidFile = folder.resolve("data").resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(pidFile);
        if (lines.isEmpty() || !lines.get(0).strip().matches("\\d+")) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
                .filter(process -> process.info().command().orElse("").contains("postgres"));
    }

    /** When the first process was killed, its children end on their own; until then they hold the shared memory that the next needs. */
    private static void endOrphans(PostgresBinaries binaries) throws IOException {
        String program = binaries.folder().toRealPath().resolve("bin/postgres").toString();
        List<ProcessHandle> orphans = ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").equals(program))
                .toList();
        for (ProcessHandle orphan : orphans) {
            try {
                orphan.onExit().get(ORPHAN_PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (TimeoutException | ExecutionException e) {
                orphan.destroyForcibly();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted while PostgreSQL of an earlier run ended", e);
            }
        }
    }

    /** Fast shutdown: connections are ended, and the data is left clean. If it does not end, it is killed; the write-ahead log recovers that. */
    private static void stop(ProcessHandle postmaster) throws IOException {
        for (String signal : List.of("-INT", "-QUIT", "-KILL")) {
            new ProcessBuilder("kill", signal, Long.toString(postmaster.pid())).start();
            try {
                postmaster.onExit().get(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS);
                return;
            } catch (TimeoutException e) {
                // Continue with the next, harder signal.
            } catch (ExecutionException e) {
                throw new IOException("PostgreSQL (process " + postmaster.pid() + ") cannot be watched", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted while PostgreSQL ended", e);
            }
        }
        throw new IOException("PostgreSQL (process " + postmaster.pid() + ") does not end; stop it");
    }

    /** Kills it, when it no longer answers; the next start recovers from the write-ahead log. */
    public void abort() {
        process.destroyForcibly();
    }

    /** JDBC address of a database of that name. */
    public String jdbcUrl(String database) {
        return jdbcUrl(port, database);
    }

    /** JDBC address of a database of that name. */
    public static String jdbcUrl(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** Creates the database unless it exists. */
    public void createDatabase(String name) throws SQLException {
        if (!name.matches("[a-z][a-z_]*")) {
            throw new IllegalArgumentException("'" + name + "' is no database name: lower-case letters and _ only");
        }
        try (Connection connection = connect(jdbcUrl("postgres"), password);
                Statement statement = connection.createStatement()) {
            boolean exists = statement
                    .executeQuery("select 1 from pg_database where datname = '" + name + "'")
                    .next();
            if (!exists) {
                statement.execute("create database " + name);
            }
        }
    }

    /** Gives each service its role in a database, with the schemas that it owns; in one transaction, so that a crash leaves no half. */
    public void prepareRoles(String database, Collection<ServiceRole> roles) throws SQLException {
        try (Connection connection = connect(jdbcUrl(database), password)) {
            connection.setAutoCommit(false);
            for (ServiceRole role : roles) {
                role.prepare(connection);
            }
            connection.commit();
        }
    }

    @Override
    public void close() throws IOException {
        if (process.isAlive()) {
            stop(process.toHandle());
        }
    }

    private static void run(PostgresBinaries binaries, String program, List<String> arguments, String input, Path log)
            throws IOException {
        Process process = new ProcessBuilder(binaries.command(program, arguments.toArray(new String[0])))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        try {
            if (process.waitFor() != 0) {
                throw new IOException(
                        "PostgreSQL's " + program + " ended with " + process.exitValue() + "; its log is " + log);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while PostgreSQL was prepared", e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(temporary, text);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path :
                        paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
