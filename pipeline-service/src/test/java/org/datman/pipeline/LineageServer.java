package org.datman.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.datman.contracts.event.EventJson;

/** An OpenLineage server that keeps what it takes, and can be down. */
public final class LineageServer implements QuarkusTestResourceLifecycleManager {

    static final List<JsonNode> TAKEN = new CopyOnWriteArrayList<>();

    /** Its answer; 201 is that of Marquez. */
    static volatile int status = 201;

    private HttpServer server;

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/api/v1/lineage", exchange -> {
            JsonNode event = EventJson.mapper().readTree(exchange.getRequestBody());
            int answer = status;
            if (answer == 201) {
                TAKEN.add(event);
            }
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
        });
        server.start();
        return Map.of(
                "datman.openlineage.url",
                "http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void stop() {
        server.stop(0);
    }
}
