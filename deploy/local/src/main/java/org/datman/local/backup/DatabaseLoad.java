package org.datman.local.backup;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.postgresql.PGConnection;

/** Brings the schemas of a backup into a PostgreSQL that has none of them. */
final class DatabaseLoad {

    private static final int BUFFER = 1 << 16;

    private final Connection connection;
    private final Path backup;
    private final List<String> differences = new ArrayList<>();

    DatabaseLoad(Connection connection, Path backup) {
        this.connection = connection;
        this.backup = backup;
    }

    /** Of these schemas, the ones that are there already. */
    static Set<String> present(Connection connection, List<BackupManifest.Schema> schemas) throws SQLException {
        Set<String> present = new HashSet<>();
        try (PreparedStatement select =
                connection.prepareStatement("select nspname from pg_namespace where nspname = any (?)")) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "text",
                            schemas.stream().map(BackupManifest.Schema::name).toArray()));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    present.add(rows.getString(1));
                }
            }
        }
        return present;
    }

    /**
     * Loads all schemas in one transaction: all or nothing.
     *
     * @return what differs from the backup, in words
     */
    List<String> load(List<BackupManifest.Schema> schemas) throws SQLException, IOException {
        connection.setAutoCommit(false);
        try (Statement settings = connection.createStatement()) {
            settings.execute(
                    "set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local search_path = pg_catalog;"
                            + " set local intervalstyle = 'postgres'; set local maintenance_work_mem = '256MB'");
        }
        for (BackupManifest.Schema schema : schemas) {
            String definition = Files.readString(backup.resolve(schema.definition()), StandardCharsets.UTF_8);
            execute(SchemaText.statements(definition, false));
            for (BackupManifest.Table table : schema.tables()) {
                rows(schema.name(), table);
            }
            execute(SchemaText.statements(definition, true));
            if (!SchemaText.of(connection, schema.name()).equals(definition)) {
                differences.add("the definition of schema " + schema.name()
                        + " is not that of the backup, because this PostgreSQL writes it otherwise");
            }
        }
        connection.commit();
        analyze(schemas);
        return List.copyOf(differences);
    }

    private void rows(String schema, BackupManifest.Table table) throws SQLException, IOException {
        try (InputStream in = new BufferedInputStream(
                new GZIPInputStream(Files.newInputStream(backup.resolve(table.part())), BUFFER), BUFFER)) {
            long rows = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "copy " + DatabaseDump.target(schema, table.name(), table.columns()) + " from stdin",
                            in,
                            BUFFER);
            if (rows != table.rows()) {
                differences.add(schema + "." + table.name() + " has " + rows + " rows, the backup " + table.rows());
            }
        }
    }

    private void execute(List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Without statistics the first queries would read whole tables. */
    private void analyze(List<BackupManifest.Schema> schemas) throws SQLException {
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            for (BackupManifest.Schema schema : schemas) {
                for (BackupManifest.Table table : schema.tables()) {
                    statement.execute(
                            "analyze " + SchemaText.quoted(schema.name()) + "." + SchemaText.quoted(table.name()));
                }
            }
        }
    }

    /** Ids of the events that wait in the outboxes. */
    static Set<String> waiting(Connection connection, List<BackupManifest.Schema> schemas) throws SQLException {
        Set<String> ids = new HashSet<>();
        try (Statement statement = connection.createStatement()) {
            for (String outbox : outboxes(schemas)) {
                try (ResultSet rows = statement.executeQuery("select event_id::text from " + outbox)) {
                    while (rows.next()) {
                        ids.add(rows.getString(1));
                    }
                }
            }
        }
        return ids;
    }

    /** Removes events from the outboxes that were sent before the backup; a crash between the sending and the removal leaves such. */
    static int remove(Connection connection, List<BackupManifest.Schema> schemas, Set<String> sent)
            throws SQLException {
        int removed = 0;
        for (String outbox : outboxes(schemas)) {
            try (PreparedStatement delete =
                    connection.prepareStatement("delete from " + outbox + " where event_id::text = any (?)")) {
                delete.setArray(1, connection.createArrayOf("text", sent.toArray()));
                removed += delete.executeUpdate();
            }
        }
        return removed;
    }

    private static List<String> outboxes(List<BackupManifest.Schema> schemas) {
        return schemas.stream()
                .flatMap(schema -> schema.tables().stream()
                        .filter(table -> DatabaseDump.isOutbox(table.name()))
                        .map(table -> SchemaText.quoted(schema.name()) + "." + SchemaText.quoted(table.name())))
                .toList();
    }
}
