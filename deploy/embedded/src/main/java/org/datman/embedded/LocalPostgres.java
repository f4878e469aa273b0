package org.datman.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A PostgreSQL of our own beside this JVM; its data survives in the given folder. Listens on 127.0.0.1 only. */
public final class LocalPostgres implements AutoCloseable {

    /** User of the local database. Nobody else can reach it, so there is no password. */
    public static final String USER = "postgres";

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
        return new LocalPostgres(EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(folder.resolve("binaries").toFile())
                .setDataDirectory(folder.resolve("data"))
                .setCleanDataDirectory(false)
                .setPort(port)
                .setPGStartupWait(Duration.ofSeconds(60))
                .setServerConfig("max_connections", "120")
                .setServerConfig("shared_buffers", "64MB")
                .start());
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
