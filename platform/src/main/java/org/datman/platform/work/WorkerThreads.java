package org.datman.platform.work;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jboss.logging.Logger;

/**
 * The threads that a service needs for as long as it runs. One that ends before the service does is work that nobody does any
 * more: it is logged, and the service says that it is not alive, so that what runs it starts it again.
 */
@ApplicationScoped
public class WorkerThreads {

    private static final Logger LOG = Logger.getLogger(WorkerThreads.class);

    /** Why threads ended, by their names. */
    private final Map<String, String> ended = new ConcurrentSkipListMap<>();

    private volatile boolean stopping;

    void onStop(@Observes ShutdownEvent event) {
        stopping = true;
    }

    /**
     * Starts a thread.
     *
     * @param name unique in the service: {@code ingest-worker-1}
     * @param task runs until the service stops
     */
    public Thread start(String name, Runnable task) {
        Thread thread = new Thread(
                () -> {
                    String why = "it returned";
                    try {
                        task.run();
                    } catch (Throwable e) {
                        // Errors too: a thread that ran out of memory is as dead as another.
                        why = e.toString();
                        LOG.errorf(e, "Worker thread ended thread=%s", name);
                    } finally {
                        if (!stopping) {
                            ended.put(name, why);
                        }
                    }
                },
                name);
        ended.remove(name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Names of the threads that ended although the service runs, with why. */
    List<String> ended() {
        return ended.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .toList();
    }
}
