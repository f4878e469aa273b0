package org.datman.dashboard.access;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;

/**
 * Connections that find only what the request may see. Where that is not everything, the views of the schema {@code dashboard_granted} stand
 * before the tables of the same names while the connection is in use. Where they are missing, nothing is read.
 */
@ApplicationScoped
public class GrantedConnections implements ConnectionFactory {

    private static final String NARROW = """
            select set_config('search_path', 'dashboard_granted,dashboard', false), set_config('datman.studies', ?, false),
                set_config('datman.whole_studies', ?, false), set_config('datman.sites', ?, false),
                'dashboard_granted.latest_event'::regclass::text
            """;

    private final DataSource dataSource;
    private final Access access;
    private final Set<Connection> narrowed = ConcurrentHashMap.newKeySet();

    GrantedConnections(DataSource dataSource, Access access) {
        this.dataSource = dataSource;
        this.access = access;
    }

    @Override
    public Connection openConnection() throws SQLException {
        AccessScope scope = access.scope();
        Connection connection = dataSource.getConnection();
        if (!scope.everything()) {
            try (PreparedStatement narrow = connection.prepareStatement(NARROW)) {
                narrow.setString(1, lines(scope.studies()));
                narrow.setString(2, lines(scope.wholeStudies()));
                narrow.setString(3, lines(scope.sites()));
                narrow.execute();
                narrowed.add(connection);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        }
        return connection;
    }

    @Override
    public void closeConnection(Connection connection) throws SQLException {
        try (connection) {
            if (narrowed.remove(connection)) {
                try (Statement wide = connection.createStatement()) {
                    wide.execute(
                            "reset search_path; reset datman.studies; reset datman.whole_studies; reset datman.sites");
                } catch (SQLException e) {
                    // 25P02: a statement failed in a transaction, whose rollback also takes the settings back.
                    if (!"25P02".equals(e.getSQLState())) {
                        throw e;
                    }
                }
            }
        }
    }

    private static String lines(Collection<String> entries) {
        return String.join("\n", entries);
    }
}
