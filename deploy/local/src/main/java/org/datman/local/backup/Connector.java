package org.datman.local.backup;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens a new connection to PostgreSQL; whoever asked closes it. */
@FunctionalInterface
public interface Connector {

    Connection connect() throws SQLException;
}
