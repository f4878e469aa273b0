package org.datman.qc.measure;

import io.quarkus.runtime.configuration.MemorySize;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.datman.contracts.event.Reason;
import org.datman.metrics.Measured;
import org.datman.metrics.model.MeasureException;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Runs measurements in isolation: each has its own thread and a time limit. They run in parallel while their
 * memory fits into a share of the heap, in order of arrival: two large images at once are hardly faster, since each uses all cores, but need
 * twice the memory. One that runs out of memory beside others is retried alone; one that runs out of memory alone fails.
 */
@ApplicationScoped
class MeasurementExecutor {

    private static final Logger LOG = Logger.getLogger(MeasurementExecutor.class);

    /** The work, implemented by {@code Measurement}. */
    @FunctionalInterface
    interface Work {
        Measured run() throws MeasureException;
    }

    private static final Duration GRACE = Duration.ofSeconds(15);

    /** Default share of the heap for parallel measurements. */
    private static final int SHARE = 6;

    private static final long UNIT = 1 << 20;

    private final Provider<Duration> longest;
    private final Duration grace;
    private final int room;
    private final Semaphore free;
    private final ReentrantReadWriteLock memory = new ReentrantReadWriteLock(true);
    private final AtomicLong begun = new AtomicLong();
    private final Set<Thread> stuck = ConcurrentHashMap.newKeySet();

    @Inject
    MeasurementExecutor(
            @ConfigProperty(name = "datman.qc.longest-measurement", defaultValue = "30m") Provider<Duration> longest,
            Config config) {
        this(
                longest,
                GRACE,
                config.getOptionalValue("datman.qc.memory-at-once", MemorySize.class)
                        .map(MemorySize::asLongValue)
                        .orElse(Runtime.getRuntime().maxMemory() / SHARE));
    }

    /**
     * @param grace how long an aborted measurement may take to stop
     * @param memoryAtOnce bytes that parallel measurements may need together; one that needs more runs alone
     */
    MeasurementExecutor(Provider<Duration> longest, Duration grace, long memoryAtOnce) {
        this.longest = longest;
        this.grace = grace;
        this.room = (int) Math.max(1, Math.min(Integer.MAX_VALUE, memoryAtOnce / UNIT));
        this.free = new Semaphore(room, true);
    }

    /** Time limit of a measurement. */
    Duration longest() {
        return longest.get();
    }

    /** Names of measurements that were aborted and still run: only a new process ends them. */
    List<String> stuck() {
        stuck.removeIf(thread -> !thread.isAlive());
        return stuck.stream().map(Thread::getName).sorted().toList();
    }

    /** Approximate number of measurements that wait for memory. */
    int waiting() {
        return free.getQueueLength();
    }

    /**
     * Runs the work as soon as there is memory for it; waiting does not count towards the time limit.
     *
     * @param stem name of the image
     * @param bytes memory that it will need, by {@code MemoryNeed}
     * @throws MeasureException when something is wrong with the image
     * @throws MeasurementAborted when the time limit or the memory was exceeded
     * @throws InterruptedException when the service stops
     */
    Measured run(String stem, long bytes, Work work) throws MeasureException, MeasurementAborted, InterruptedException {
        int units = (int) Math.min(room, Math.max(1, bytes / UNIT));
        free.acquire(units);
        try {
            return run(stem, work);
        } finally {
            free.release(units);
        }
    }

    private Measured run(String stem, Work work) throws MeasureException, MeasurementAborted, InterruptedException {
        memory.readLock().lock();
        long number = begun.incrementAndGet();
        boolean first = memory.getReadLockCount() == 1;
        try {
            return limited(stem, work);
        } catch (OutOfMemoryError e) {
            // No other measurement ran at the start or since.
            if (first && begun.get() == number) {
                throw tooLarge(stem, e);
            }
            LOG.warnf("Out of memory beside other measurements, retried alone result=%s", stem);
        } finally {
            memory.readLock().unlock();
        }
        Lock all = memory.writeLock();
        all.lock();
        try {
            return limited(stem, work);
        } catch (OutOfMemoryError e) {
            throw tooLarge(stem, e);
        } finally {
            all.unlock();
        }
    }

    private Measured limited(String stem, Work work) throws MeasureException, MeasurementAborted, InterruptedException {
        FutureTask<Measured> task = new FutureTask<>(work::run);
        Thread thread = new Thread(task, "measure " + stem);
        thread.setDaemon(true);
        Duration limit = longest.get();
        thread.start();
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            thread.interrupt();
            thread.join(grace.toMillis());
            if (thread.isAlive()) {
                stuck.add(thread);
                LOG.errorf("A measurement does not stop, it takes a processor until this process ends result=%s", stem);
            }
            throw tooLong(stem, limit, e);
        } catch (InterruptedException e) {
            thread.interrupt();
            throw e;
        } catch (ExecutionException e) {
            throw cause(e);
        }
    }

    /** What the work threw; insufficient memory is always an {@link OutOfMemoryError}. */
    private static MeasureException cause(ExecutionException e) {
        for (Throwable t = e.getCause(); t != null; t = t.getCause()) {
            if (t instanceof OutOfMemoryError memory) {
                throw memory;
            }
        }
        if (e.getCause() instanceof MeasureException wrong) {
            return wrong;
        }
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        throw new IllegalStateException(e.getCause());
    }

    private static MeasurementAborted tooLong(String stem, Duration limit, Throwable cause) {
        return new MeasurementAborted(
                new Reason(
                        "measured-too-long",
                        stem + " was not measured within " + words(limit) + " and was aborted",
                        "Check whether the image matches its tag. If it needs more time, raise"
                                + " datman.qc.longest-measurement of qc and press 'Re-run QC'"),
                cause);
    }

    private static MeasurementAborted tooLarge(String stem, Throwable cause) {
        return new MeasurementAborted(
                new Reason(
                        "not-enough-memory",
                        stem + " needs more memory than qc has ("
                                + Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB)",
                        "Check whether the image matches its tag. If it does, start DATMAN with a larger heap for qc"
                                + " (DATMAN_QC_HEAP, see docs/operations.md) and press 'Re-run QC'"),
                cause);
    }

    private static String words(Duration limit) {
        return limit.toSeconds() >= 120
                ? limit.toMinutes() + " minutes"
                : limit.toMillis() >= 2000 ? limit.toSeconds() + " seconds" : limit.toMillis() + " ms";
    }
}
