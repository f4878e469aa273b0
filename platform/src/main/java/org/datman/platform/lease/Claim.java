package org.datman.platform.lease;

/**
 * What a worker has claimed. Its lease is renewed until it is closed; closing gives the item back, unless the worker has ended
 * its lease in a transaction of its own.
 *
 * @param <T> what there is to do
 */
public final class Claim<T> implements AutoCloseable {

    private final LeasedQueue<?> queue;
    private final String owner;
    private final T work;
    private volatile boolean lost;
    private volatile boolean closed;

    Claim(LeasedQueue<?> queue, String owner, T work) {
        this.queue = queue;
        this.owner = owner;
        this.work = work;
    }

    /** What there is to do. */
    public T work() {
        return work;
    }

    /** The name of this claim: as the owner of its lease it proves that the item is still this worker's. */
    public String owner() {
        return owner;
    }

    /** Whether the lease has expired or was ended: another worker may have the item. */
    public boolean isLost() {
        return lost;
    }

    void lose() {
        lost = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** Gives the item back in every case, also in an interrupted thread; later, when the database is unavailable now. */
    @Override
    public void close() {
        closed = true;
        queue.giveBack(this);
    }
}
