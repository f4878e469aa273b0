package org.datman.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds unused ports. They are below those that Linux and macOS assign to outgoing connections: one of these
 * could otherwise take the port before it is used, or while a killed service restarts.
 */
public final class FreePort {

    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 32_000;
    private static final int TRIES = 200;

    /** Ports already returned to this process, which may not be open yet. */
    private static final Set<Integer> HANDED_OUT = ConcurrentHashMap.newKeySet();

    private FreePort() {}

    /**
     * A port that is free on the loopback interface now; never the same twice in one process.
     *
     * @throws UncheckedIOException when none of two hundred can be opened
     */
    public static int any() {
        UncheckedIOException last = null;
        for (int n = 0; n < TRIES; n++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            try {
                tryBind(port);
                if (HANDED_OUT.add(port)) {
                    return port;
                }
            } catch (UncheckedIOException taken) {
                last = taken;
            }
        }
        throw new UncheckedIOException(
                "No free port between " + LOWEST + " and " + HIGHEST + " on 127.0.0.1",
                last == null ? new IOException("all were returned before") : last.getCause());
    }

    /** {@code preferred}, if it is free, else any other. */
    public static int preferably(int preferred) {
        try {
            tryBind(preferred);
            return preferred;
        } catch (UncheckedIOException taken) {
            return any();
        }
    }

    private static void tryBind(int port) {
        try {
            new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1")).close();
        } catch (IOException e) {
            throw new UncheckedIOException("Port " + port + " cannot be opened on 127.0.0.1", e);
        }
    }
}
