package org.datman.simulator.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.ExecutionException;

/**
 * A body written from a worker thread; each block waits until the socket has taken the one before, so memory stays at one
 * block per download. It can be cut short.
 */
final class ResponseStream extends OutputStream {
    private static final int BLOCK = 1 << 17;

    /** The body has reached the length at which it is to be cut. */
    static final class CutShort extends IOException {
        CutShort() {
            super("cut short by a fault rule");
        }
    }

    private final HttpServerResponse response;
    private final long limit;
    private Buffer block = Buffer.buffer(BLOCK);
    private long written;

    /** @param limit number of bytes after which {@link CutShort} is thrown, negative for none */
    ResponseStream(HttpServerResponse response, long limit) {
        this.response = response;
        this.limit = limit < 0 ? Long.MAX_VALUE : limit;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int allowed = (int) Math.min(length, limit - written);
        for (int done = 0; done < allowed; ) {
            int n = Math.min(allowed - done, BLOCK - block.length());
            block.appendBytes(bytes, offset + done, n);
            done += n;
            if (block.length() == BLOCK) {
                send();
            }
        }
        written += allowed;
        if (allowed < length) {
            send();
            throw new CutShort();
        }
    }

    /** Sends the remaining bytes; {@code flush} of the writers above is ignored, it would make tiny chunks. */
    void finish() throws IOException {
        send();
    }

    private void send() throws IOException {
        if (block.length() == 0) {
            return;
        }
        Buffer full = block;
        block = Buffer.buffer(BLOCK);
        try {
            response.write(full).toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new IOException("the client went away", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while sending");
        }
    }
}
