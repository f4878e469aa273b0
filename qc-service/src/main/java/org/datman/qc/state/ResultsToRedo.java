package org.datman.qc.state;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.datman.platform.lease.Claim;
import org.datman.platform.lease.LeasedQueue;
import org.datman.platform.lease.LeasedQueue.Due;
import org.datman.platform.work.WorkerThreads;

/** The results that are outdated by newer definitions or another gold standard, each for one worker at a time. */
@ApplicationScoped
public class ResultsToRedo {

    /** A claim is renewed while its work lasts, so this is no limit on the time of a measurement. */
    private static final Duration LEASE = Duration.ofMinutes(4);

    private final LeasedQueue<StoredResult> queue;
    private final WorkerThreads threads;

    ResultsToRedo(StoredResults results, WorkerThreads threads) {
        this.queue = new LeasedQueue<>("results", StoredResult.class, results.getEntityManager(), LEASE);
        this.threads = threads;
    }

    void onStart(@Observes StartupEvent event) {
        queue.start(threads);
    }

    void onStop(@Observes ShutdownEvent event) {
        queue.stop();
    }

    /**
     * Claims a result that was made under other definitions than these or is to be re-evaluated. Those that a person's gold
     * standard requires come first.
     */
    public Optional<Claim<ToRedo>> claim(String definitions) {
        return queue.claim(
                new Due(
                        "r.definitions <> :definitions or r.judgeAgain > 0",
                        "case when r.judgeAgain = 0 then 1 else 0 end, r.session, r.scan, r.stem",
                        Map.of("definitions", definitions)),
                (row, owner) -> Optional.of(row.toRedo(definitions)));
    }
}
