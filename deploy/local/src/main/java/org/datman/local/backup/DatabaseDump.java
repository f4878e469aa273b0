package org.datman.local.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.datman.contracts.topic.OutboxLock;
import org.postgresql.PGConnection;

/** The schemas of the services in one snapshot of PostgreSQL. Other sessions read and write meanwhile. */
final class DatabaseDump implements AutoCloseable {

    /** How long it waits for the end of the batch that an outbox is sending. */
    private static final String LOCK_PATIENCE = "120s";

    private static final String OUTBOX = "outbox_event";

    private final Connection connection;
    private final List<String> schemas;
    private final Instant time;

    private DatabaseDump(Connection connection, List<String> schemas, Instant time) {
        this.connection = connection;
        this.schemas = schemas;
        this.time = time;
    }

    /** What is asked of Kafka while no outbox is being sent. */
    @FunctionalInterface
    interface Meanwhile {
        void run() throws IOException, InterruptedException;
    }

    /**
     * Takes the snapshot. While it is taken no outbox is sent, so that what has left an outbox in it is in its topic.
     *
     * @param services names that may be schemas, or begin the names of such
     * @param meanwhile what else is to be known of that moment
     */
    static DatabaseDump open(Connector connector, List<String> services, Meanwhile meanwhile)
            throws SQLException, IOException, InterruptedException {
        try (Connection locks = connector.connect()) {
            List<String> schemas = schemas(locks, services);
            lock(locks, schemas);
            Connection connection = connector.connect();
            try {
                connection.setAutoCommit(false);
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                connection.setReadOnly(true);
                Instant time = now(connection);
                // The same text of times and numbers, whatever the defaults of the server.
                try (Statement statement = connection.createStatement()) {
                    statement.execute("set local timezone = 'UTC'; set local datestyle = 'ISO, YMD';"
                            + " set local intervalstyle = 'postgres'; set local extra_float_digits = 1;"
                            + " set local bytea_output = 'hex'; set local search_path = pg_catalog");
                }
                meanwhile.run();
                return new DatabaseDump(connection, schemas, time);
            } catch (SQLException | IOException | InterruptedException | RuntimeException e) {
                connection.close();
                throw e;
            } finally {
                locks.rollback();
            }
        }
    }

    private static List<String> schemas(Connection connection, List<String> services) throws SQLException {
        List<String> schemas = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("select nspname from pg_namespace order by nspname collate \"C\"")) {
            while (rows.next()) {
                String schema = rows.getString(1);
                // A service may have more than one, as dashboard_granted; the own one comes first.
                if (services.stream().anyMatch(service -> schema.equals(service) || schema.startsWith(service + "_"))) {
                    schemas.add(schema);
                }
            }
        }
        return schemas;
    }

    private static void lock(Connection connection, List<String> schemas) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local lock_timeout = '" + LOCK_PATIENCE + "'");
            for (String schema : schemas) {
                statement.execute("select pg_advisory_xact_lock" + OutboxLock.number("'" + schema + "'"));
            }
        }
    }

    /** The first statement of the transaction: its snapshot is taken here. */
    private static Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select clock_timestamp()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    /** When the snapshot was taken, by the clock of PostgreSQL. */
    Instant time() {
        return time;
    }

    /** Writes all schemas. */
    List<BackupManifest.Schema> write(PartWriter parts) throws SQLException, IOException {
        List<BackupManifest.Schema> written = new ArrayList<>();
        for (String schema : schemas) {
            String definition = "postgres/" + schema + "/schema.sql";
            try (OutputStream out = parts.open(definition)) {
                out.write(SchemaText.of(connection, schema).getBytes(StandardCharsets.UTF_8));
            }
            Map<String, List<String>> tables = SchemaText.columns(connection, schema).stream()
                    .collect(Collectors.groupingBy(
                            SchemaText.Column::table,
                            LinkedHashMap::new,
                            Collectors.mapping(SchemaText.Column::name, Collectors.toList())));
            List<BackupManifest.Table> rows = new ArrayList<>();
            for (Map.Entry<String, List<String>> table : tables.entrySet()) {
                String part = "postgres/" + schema + "/" + table.getKey() + ".copy.gz";
                try (OutputStream out = parts.openGzip(part)) {
                    rows.add(new BackupManifest.Table(
                            table.getKey(),
                            table.getValue(),
                            copyOut(connection, schema, table.getKey(), table.getValue(), out),
                            part));
                }
            }
            written.add(new BackupManifest.Schema(schema, definition, rows));
        }
        return written;
    }

    /** Writes the rows of a table in the text format of COPY; returns their number. */
    static long copyOut(Connection connection, String schema, String table, List<String> columns, OutputStream out)
            throws SQLException, IOException {
        return connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("copy " + target(schema, table, columns) + " to stdout", out);
    }

    /** A table with its columns, as COPY names them. */
    static String target(String schema, String table, List<String> columns) {
        return SchemaText.quoted(schema) + "." + SchemaText.quoted(table)
                + columns.stream().map(SchemaText::quoted).collect(Collectors.joining(", ", " (", ")"));
    }

    /** Whether a table holds events that wait to be sent. */
    static boolean isOutbox(String table) {
        return table.equals(OUTBOX);
    }

    @Override
    public void close() throws SQLException {
        try {
            connection.rollback();
        } finally {
            connection.close();
        }
    }
}
