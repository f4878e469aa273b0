package org.datman.platform.work;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Threads that do the same work as long as the service runs: again at once while there is some, else when woken or after a pause. */
public final class Workers {

    private static final Logger LOG = Logger.getLogger(Workers.class);
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(2);

    private final String name;
    private final int count;
    private final Duration idle;
    private final Work work;
    private final Semaphore toDo = new Semaphore(0);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    /** One piece of work. */
    @FunctionalInterface
    public interface Work {
        /** Returns whether there may be more. An exception is logged, and the thread goes on after a pause. */
        boolean next() throws Exception;
    }

    /**
     * @param name of the threads, which get a number
     * @param idle the pause while there is no work
     */
    public Workers(String name, int count, Duration idle, Work work) {
        this.name = name;
        this.count = count;
        this.idle = idle;
        this.work = work;
    }

    public void start(WorkerThreads workerThreads) {
        startAfter(Duration.ZERO, workerThreads);
    }

    /** Starts with a pause, so that work that came while the service was stopped can begin before. */
    public void startAfter(Duration pause, WorkerThreads workerThreads) {
        for (int i = 1; i <= count; i++) {
            threads.add(workerThreads.start(name + "-" + i, () -> run(pause)));
        }
    }

    /** Signals that there may be work. */
    public void wake() {
        toDo.release();
    }

    /** Lets the current work end, each thread for as long as {@code patience}, then interrupts it. */
    public void stop(Duration patience) throws InterruptedException {
        stopping.countDown();
        toDo.release(threads.size());
        for (Thread thread : threads) {
            thread.join(patience.toMillis());
            thread.interrupt();
        }
    }

    /** Whether the work should end soon. */
    public boolean isStopping() {
        return stopping.getCount() == 0;
    }

    /** Waits before the same is tried again after a fault; true when the service stops. */
    public boolean pauseAfterAFault() throws InterruptedException {
        return stopping.await(AFTER_A_FAULT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void run(Duration pause) {
        try {
            stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
            while (!isStopping()) {
                if (!next() && toDo.tryAcquire(idle.toMillis(), TimeUnit.MILLISECONDS)) {
                    toDo.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean next() throws InterruptedException {
        try {
            return work.next();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            if (!isStopping()) {
                LOG.warnf(
                        "A worker waits worker=%s error=%s",
                        Thread.currentThread().getName(), e.toString());
                pauseAfterAFault();
            }
            return true;
        }
    }
}
