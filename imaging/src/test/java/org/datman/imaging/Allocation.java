package org.datman.imaging;

import java.lang.management.ManagementFactory;

/** Counts what a piece of work allocates on the heap: an upper bound of the memory it can need. */
public final class Allocation {

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /** Bytes that the current thread has allocated since it began. */
    public static long soFar() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
