package org.datman.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Finds ports that nobody listens on. */
public final class FreePort {

    private FreePort() {}

    /** A port that is free on the loopback interface now. */
    public static int any() {
        return tryBind(0);
    }

    /** {@code wished}, if it is free, else any other. */
    public static int preferably(int wished) {
        try {
            return tryBind(wished);
        } catch (UncheckedIOException taken) {
            return any();
        }
    }

    private static int tryBind(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("Port " + port + " cannot be opened on 127.0.0.1", e);
        }
    }
}
