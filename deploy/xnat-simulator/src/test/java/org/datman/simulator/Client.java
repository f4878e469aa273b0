package org.datman.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A plain HTTP client for tests: follows no redirect, keeps the session cookie when it has logged in. */
public final class Client {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /** An answer with its whole body. */
    public record Answer(int status, Map<String, List<String>> headers, byte[] bytes) {
        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            try {
                return JSON.readTree(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException("not JSON: " + text(), e);
            }
        }

        /** Rows of a list. */
        public JsonNode rows() {
            return json().path("ResultSet").path("Result");
        }

        public String header(String name) {
            for (Map.Entry<String, List<String>> entry : headers.entrySet()) {
                if (entry.getKey().equalsIgnoreCase(name)) {
                    return String.join(" | ", entry.getValue());
                }
            }
            return "";
        }
    }

    private final URI base;
    private final Map<String, String> headers = new LinkedHashMap<>();

    private Client(URI base) {
        this.base = base;
    }

    public static Client guest(XnatSimulator sim) {
        return new Client(sim.url()).with("User-Agent", "datman-test/1.0 (Java)");
    }

    public static Client basic(XnatSimulator sim, String user, String password) {
        String token = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return guest(sim).with("Authorization", "Basic " + token);
    }

    /** Logs in once and continues with the cookie. */
    public static Client session(XnatSimulator sim, String user, String password) {
        String id =
                basic(sim, user, password).post("/data/JSESSION", new byte[0]).text();
        return guest(sim).with("Cookie", "JSESSIONID=" + id);
    }

    public Client with(String header, String value) {
        Client copy = new Client(base);
        copy.headers.putAll(headers);
        copy.headers.put(header, value);
        return copy;
    }

    public Answer get(String path) {
        return send("GET", path, null);
    }

    public Answer head(String path) {
        return send("HEAD", path, null);
    }

    public Answer post(String path, byte[] body) {
        return send("POST", path, body);
    }

    public Answer put(String path, byte[] body) {
        return send("PUT", path, body);
    }

    public Answer delete(String path) {
        return send("DELETE", path, null);
    }

    private Answer send(String method, String path, byte[] body) {
        try {
            return trySend(method, path, body);
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        }
    }

    /** As the others, with the exception of a broken connection. */
    public Answer trySend(String method, String path, byte[] body) throws IOException {
        HttpRequest.BodyPublisher publisher =
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, publisher);
        headers.forEach(request::header);
        try {
            HttpResponse<byte[]> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.headers().map(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
