package org.datman.pipeline.runner;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.datman.pipeline.runner.JobRunner.AwayException;
import org.datman.pipeline.runner.JobRunner.RefusedException;

/** One submission at a time, of all processes with this database: between counting the jobs and the next job there is none. */
@ApplicationScoped
public class ClusterTurns implements ClusterRunner.Turn {

    private final DataSource database;
    /** Those of one process do not wait with a connection each. */
    private final ReentrantLock own = new ReentrantLock();

    ClusterTurns(DataSource database) {
        this.database = database;
    }

    @Override
    public void take(String scheduler, ClusterRunner.Submission submission) throws RefusedException, IOException {
        own.lock();
        try (Connection connection = database.getConnection()) {
            String turn = "datman cluster " + scheduler;
            call(connection, "select pg_advisory_lock(hashtextextended(?, 0))", turn);
            try {
                submission.submit();
            } finally {
                call(connection, "select pg_advisory_unlock(hashtextextended(?, 0))", turn);
            }
        } catch (SQLException e) {
            // The job may be submitted: the cluster is asked.
            throw new AwayException("The database does not answer, by which submissions take turns: " + e.getMessage());
        } finally {
            own.unlock();
        }
    }

    private static void call(Connection connection, String query, String turn) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, turn);
            statement.execute();
        }
    }
}
