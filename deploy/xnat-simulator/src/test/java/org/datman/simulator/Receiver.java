package org.datman.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/** Receives webhooks like DATMAN and keeps them, in order. */
final class Receiver implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One message. */
    record Received(String timestamp, String signature, String delivery, byte[] body) {
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
        server.createContext("/webhooks/xnat", exchange -> {
            Headers headers = exchange.getRequestHeaders();
            received.add(new Received(
                    headers.getFirst("X-Datman-Timestamp"),
                    headers.getFirst("X-Datman-Signature"),
                    headers.getFirst("X-Datman-Delivery"),
                    exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(202, -1);
            exchange.close();
        });
        server.start();
    }

    URI uri() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/webhooks/xnat");
    }

    List<Received> received() {
        return List.copyOf(received);
    }

    /** Waits until so many have come. */
    List<Received> await(int n) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> received.size() >= n);
        return received();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
