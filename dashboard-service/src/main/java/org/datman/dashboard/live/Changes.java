package org.datman.dashboard.live;

import io.agroal.api.AgroalDataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.datman.dashboard.projection.Projector;
import org.datman.platform.work.WorkerThreads;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Notices of committed changes. They are sent through PostgreSQL, so that a page is notified of events that another replica
 * consumed.
 */
@ApplicationScoped
public class Changes {

    private static final Logger LOG = Logger.getLogger(Changes.class);
    private static final int POLL_MILLIS = 2_000;
    private static final long OUTAGE_SECONDS = 2;

    private final AgroalDataSource dataSource;
    private final WorkerThreads threads;
    private final BroadcastProcessor<Change> processor = BroadcastProcessor.create();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private @Nullable Thread thread;

    Changes(AgroalDataSource dataSource, WorkerThreads threads) {
        this.dataSource = dataSource;
        this.threads = threads;
    }

    /**
     * A session changed.
     *
     * @param study empty when unknown
     * @param site empty when unknown
     * @param session empty when the change concerns no session
     */
    public record Change(String study, String site, String session) {}

    /** All changes from now on; a slow page misses notices rather than blocking others, and reloads everything anyway. */
    public Multi<Change> stream() {
        return processor.onOverflow().drop();
    }

    void onStart(@Observes StartupEvent event) {
        thread = threads.start("dashboard-changes", this::run);
    }

    void onStop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping.countDown();
        if (thread != null) {
            thread.join(2L * POLL_MILLIS);
        }
    }

    private void run() {
        try {
            while (stopping.getCount() > 0) {
                try (Connection connection = dataSource.getConnection();
                        Statement listen = connection.createStatement()) {
                    listen.execute("listen " + Projector.CHANGES);
                    listen(connection.unwrap(PGConnection.class));
                    listen.execute("unlisten *");
                } catch (SQLException e) {
                    LOG.warnf("Pages are not notified of changes until PostgreSQL is back error=%s", e.getMessage());
                    if (stopping.await(OUTAGE_SECONDS, TimeUnit.SECONDS)) {
                        return;
                    }
                    // What was missed meanwhile is unknown: all pages reload.
                    processor.onNext(new Change("", "", ""));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen(PGConnection connection) throws SQLException {
        while (stopping.getCount() > 0) {
            PGNotification[] notifications = connection.getNotifications(POLL_MILLIS);
            if (notifications != null) {
                for (PGNotification notification : notifications) {
                    String change = notification.getParameter();
                    int slash = change.indexOf('/');
                    int space = change.indexOf(' ');
                    processor.onNext(new Change(
                            change.substring(0, slash),
                            change.substring(slash + 1, space),
                            change.substring(space + 1)));
                }
            }
        }
    }
}
