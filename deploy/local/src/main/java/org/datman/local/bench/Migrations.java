package org.datman.local.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The migrations of the services in a checkout, as Flyway applies them: by version, each in a transaction. */
public final class Migrations {

    /** Folders of migrations by schema. */
    private static final Map<String, List<String>> FOLDERS = new TreeMap<>(Map.of(
            "ingest", List.of("ingest-service/src/main/resources/db/migration"),
            "qc", List.of("qc-service/src/main/resources/db/migration"),
            "pipeline", List.of("pipeline-service/src/main/resources/db/migration"),
            "dashboard", List.of("dashboard-service/src/main/resources/db/dashboard")));

    private static final List<String> SHARED =
            List.of("platform/src/main/resources/db/outbox", "platform/src/main/resources/db/latest");

    private Migrations() {}

    /** Names of the schemas. */
    public static List<String> schemas() {
        return List.copyOf(FOLDERS.keySet());
    }

    /**
     * The scripts of a schema in the order of their versions.
     *
     * @param root the checkout
     */
    public static List<Path> scripts(Path root, String schema) throws IOException {
        List<Path> scripts = new ArrayList<>(files(root, schema, "V"));
        scripts.sort(Comparator.comparing(Migrations::version, Arrays::compare));
        return scripts;
    }

    /**
     * What is run after them at each start.
     *
     * @param root the checkout
     */
    public static List<Path> scriptsOfEachStart(Path root, String schema) throws IOException {
        return files(root, schema, "afterMigrate");
    }

    private static List<Path> files(Path root, String schema, String prefix) throws IOException {
        List<Path> scripts = new ArrayList<>();
        for (String folder : Stream.concat(SHARED.stream(), FOLDERS.getOrDefault(schema, List.of()).stream())
                .toList()) {
            try (Stream<Path> files = Files.list(root.resolve(folder))) {
                files.filter(file -> String.valueOf(file.getFileName()).startsWith(prefix)
                                && file.toString().endsWith(".sql"))
                        .forEach(scripts::add);
            }
        }
        return scripts;
    }

    private static int[] version(Path script) {
        String name = String.valueOf(script.getFileName());
        return Arrays.stream(name.substring(1, name.indexOf("__")).split("_"))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    /** A script with the name of its schema in place of Flyway's placeholder. */
    public static String text(Path script, String schema) throws IOException {
        return Files.readString(script).replace("${flyway:defaultSchema}", schema);
    }

    /**
     * Makes all schemas.
     *
     * @param root the checkout
     */
    public static void apply(Path root, Connection connection) throws SQLException, IOException {
        connection.setAutoCommit(false);
        for (String schema : FOLDERS.keySet()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("create schema " + schema + "; set search_path = " + schema);
                for (Path script : scripts(root, schema)) {
                    statement.execute(text(script, schema));
                    connection.commit();
                }
                for (Path script : scriptsOfEachStart(root, schema)) {
                    statement.execute(text(script, schema));
                    connection.commit();
                }
            }
        }
        connection.setAutoCommit(true);
    }
}
