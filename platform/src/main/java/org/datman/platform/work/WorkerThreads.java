package org.datman.platform.work;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jboss.logging.Logger;

/**
 * The threads that a service needs for as long as it runs. When one ends early, its work is no longer
 * done: it is logged, and the service reports that it is not alive, so that the orchestrator restarts it.
 */
@ApplicationScoped
public class WorkerThreads {

    private static final Logger LOG = Logger.getLogger(WorkerThreads.class);

    /** Why threads ended, by thread name. */
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
                        // Errors too: out of memory ends the thread as well.
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

    /** Names of the threads that ended while the service runs, with the reason. */
    List<String> ended() {
        return ended.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .toList();
    }
}
