package org.datman.platform.event;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How many records are being handled, so that a service that stops can finish them and begin no other. */
final class RecordsInHand {

    private int count;
    private boolean closed;

    /** Begins a record; false when none may be begun any more. */
    synchronized boolean begin() {
        if (closed) {
            return false;
        }
        count++;
        return true;
    }

    synchronized void end() {
        count--;
        notifyAll();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Lets no further record begin, and waits for the others. Returns how many are still in hand after {@code patience}. */
    synchronized int close(Duration patience) throws InterruptedException {
        closed = true;
        long end = System.nanoTime() + patience.toNanos();
        while (count > 0 && end - System.nanoTime() > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
        }
        return count;
    }
}
