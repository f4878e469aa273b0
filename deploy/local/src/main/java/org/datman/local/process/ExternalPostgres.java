package org.datman.local.process;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * A PostgreSQL that the lab runs, in place of the embedded one. Each service keeps its tables in a schema of its own, which it creates.
 *
 * @param jdbcUrl its address, with the database
 * @param user who may create schemas in the database
 */
public record ExternalPostgres(String jdbcUrl, String user) {

    /** The oldest one that is supported by its makers today. */
    public static final int OLDEST = 14;

    private static final String PASSWORD = "DATMAN_POSTGRES_PASSWORD";
    private static final String PASSWORD_FILE = "DATMAN_POSTGRES_PASSWORD_FILE";
    private static final String SECONDS = "10";

    /**
     * The PostgreSQL at an address as its own programs take it: {@code postgresql://user@host:port/database?sslmode=verify-full}.
     *
     * @throws IOException when it has another form or holds a password, with what to write
     */
    public static ExternalPostgres of(String address) throws IOException {
        String form =
                "; write postgresql://USER@HOST:PORT/DATABASE, as in postgresql://datman@db.example.org:5432/datman";
        URI uri;
        try {
            uri = new URI(address.strip());
        } catch (URISyntaxException e) {
            // Without the text: it may hold a password.
            throw new IOException("--postgres is no address" + form, e);
        }
        String user = uri.getUserInfo();
        String parameters = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        if (user != null && user.contains(":")
                || parameters.toLowerCase(Locale.ROOT).contains("password=")) {
            throw new IOException(
                    "--postgres holds a password, which others can read in the list of processes: leave it out,"
                            + " and set " + PASSWORD_FILE + " or " + PASSWORD);
        }
        boolean named = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
        String path = uri.getPath();
        if (!named || uri.getHost() == null || user == null || path == null || path.length() < 2) {
            // Without the text, as above.
            throw new IOException("--postgres is no such address" + form);
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String query = parameters.isEmpty() ? "" : "?" + parameters;
        return new ExternalPostgres("jdbc:postgresql://" + uri.getHost() + port + path + query, user);
    }

    /**
     * Its password.
     *
     * @throws IOException when neither variable is set, or the file cannot be read
     */
    public static String password(Map<String, String> environment) throws IOException {
        String value = environment.getOrDefault(PASSWORD, "");
        String file = environment.getOrDefault(PASSWORD_FILE, "");
        if (!value.isBlank()) {
            return value;
        }
        if (file.isBlank()) {
            throw new IOException(
                    "The password of the PostgreSQL is missing: set " + PASSWORD_FILE + " or " + PASSWORD);
        }
        if (!Files.isReadable(Path.of(file))) {
            throw new IOException("The password file " + file + " (" + PASSWORD_FILE + ") "
                    + (Files.exists(Path.of(file)) ? "cannot be read by this user" : "does not exist"));
        }
        return Files.readString(Path.of(file)).strip();
    }

    /** A new connection; closed by the caller. */
    public Connection connect(String password) throws SQLException {
        return connect(password, SECONDS);
    }

    /** The same for statements that may take hours. */
    public Connection connectForLong(String password) throws SQLException {
        return connect(password, "0");
    }

    private Connection connect(String password, String longestAnswer) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("loginTimeout", SECONDS);
        properties.setProperty("connectTimeout", SECONDS);
        properties.setProperty("socketTimeout", longestAnswer);
        return DriverManager.getConnection(jdbcUrl, properties);
    }
}
