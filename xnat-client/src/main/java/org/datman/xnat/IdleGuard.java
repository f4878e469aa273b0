package org.datman.xnat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A body with an idle timeout and no other limit of time: java.net.http has no read timeout. Closing it early ends
 * the transfer.
 */
final class IdleGuard extends InputStream {

    private static final ScheduledExecutorService WATCH = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "xnat-idle-watch");
        thread.setDaemon(true);
        return thread;
    });

    private final InputStream body;
    private final Duration idle;
    private final Runnable onClose;
    private final ScheduledFuture<?> watch;
    private volatile long waitingSince;
    private volatile boolean timedOut;
    private boolean closed;

    IdleGuard(InputStream body, Duration idle, Runnable onClose) {
        this.body = body;
        this.idle = idle;
        this.onClose = onClose;
        long period = Math.max(50, idle.toMillis() / 4);
        this.watch = WATCH.scheduleWithFixedDelay(this::check, period, period, TimeUnit.MILLISECONDS);
    }

    /** Only time spent waiting for XNAT counts: a slow reader does not cause a timeout. */
    private void check() {
        long since = waitingSince;
        if (since != 0 && System.nanoTime() - since > idle.toNanos()) {
            timedOut = true;
            try {
                body.close();
            } catch (IOException alreadyBroken) {
                // The flag notifies the reader.
            }
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        waitingSince = System.nanoTime() | 1;
        try {
            int n = body.read(bytes, from, length);
            if (timedOut) {
                throw silence(null);
            }
            return n;
        } catch (IOException e) {
            throw timedOut ? silence(e) : e;
        } finally {
            waitingSince = 0;
        }
    }

    private IOException silence(@Nullable IOException cause) {
        HttpTimeoutException silence = new HttpTimeoutException("XNAT sent nothing for " + idle + " within a body");
        if (cause != null) {
            silence.initCause(cause);
        }
        return silence;
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            watch.cancel(false);
            try {
                body.close();
            } finally {
                onClose.run();
            }
        }
    }
}
