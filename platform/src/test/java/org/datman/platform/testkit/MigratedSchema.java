package org.datman.platform.testkit;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** A schema of its own, in which a service's migrations are run one after the other on rows that a test puts in between. */
public final class MigratedSchema implements AutoCloseable {

    private final DataSource database;
    private final String name;

    /** @param name of the schema; it is dropped at the end */
    public MigratedSchema(DataSource database, String name) {
        this.database = database;
        this.name = name;
    }

    /** Runs the migrations up to that version, those of platform that are older included. */
    public void to(String version) {
        Flyway.configure()
                .dataSource(database)
                .schemas(name)
                .createSchemas(true)
                .outOfOrder(true)
                .locations("db/outbox", "db/latest", "db/migration")
                .target(version)
                .load()
                .migrate();
    }

    /** Runs a statement with this schema as the default one. */
    public void run(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("set local search_path to " + name);
            statement.execute(sql);
            connection.commit();
        }
    }

    /** One text per row of a table, in order; {@code columns} is an expression, {@code table} may have a condition. */
    public List<String> rows(String columns, String table) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("select r from (select (" + columns + ")::text as r from "
                        + name + "." + table + ") found order by r collate \"C\"")) {
            while (found.next()) {
                rows.add(found.getString(1));
            }
        }
        return rows;
    }

    @Override
    public void close() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("drop schema if exists " + name + " cascade");
        }
    }
}
