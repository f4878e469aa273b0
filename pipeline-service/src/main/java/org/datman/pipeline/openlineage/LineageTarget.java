package org.datman.pipeline.openlineage;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where run events go: a file, a line each, or an OpenLineage server. */
interface LineageTarget {

    /** What servers of OpenLineage (Marquez and others) answer at, when the address has no path. */
    String SERVERS_PATH = "/api/v1/lineage";

    /**
     * Returns when the event is stored there.
     *
     * @throws RefusedException when the server will never take this event
     * @throws IOException when the target is unavailable: the same event is to be delivered later
     */
    void deliver(String json) throws IOException, InterruptedException, RefusedException;

    /** The server says that the event is wrong. */
    final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * The target at that address.
     *
     * @param setting an address; what it may hold of secrets is in no message
     * @param keyFile holds the key that a server wants (Bearer), or null; read at each delivery
     * @throws IllegalArgumentException when it is no {@code file:}, {@code http:} or {@code https:} address
     */
    static LineageTarget at(String setting, @Nullable Path keyFile) {
        URI address;
        try {
            address = URI.create(setting);
        } catch (IllegalArgumentException e) {
            throw noAddress("no address");
        }
        String scheme = String.valueOf(address.getScheme());
        return switch (scheme) {
            case "file" -> new LinesOfFile(Path.of(address));
            case "http", "https" -> new Server(address, keyFile);
            default -> throw noAddress("of another kind");
        };
    }

    private static IllegalArgumentException noAddress(String what) {
        return new IllegalArgumentException("DATMAN_OPENLINEAGE_URL is " + what
                + ". Set it to an address that begins with http://, https:// or file:///");
    }

    /** The address as people may read it: a server may want a password or a token in it. */
    String shown();

    /** A line per event at the end of a file. */
    record LinesOfFile(Path file) implements LineageTarget {
        @Override
        public String shown() {
            return file.toUri().toString();
        }

        @Override
        public void deliver(String json) throws IOException {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            ByteBuffer line = ByteBuffer.wrap((json + "\n").getBytes(StandardCharsets.UTF_8));
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (line.hasRemaining()) {
                    channel.write(line);
                }
                channel.force(true);
            }
        }
    }

    /** A server: HTTP POST, as the OpenAPI description of OpenLineage has it. */
    final class Server implements LineageTarget {

        private static final Duration PATIENCE = Duration.ofSeconds(20);

        /** Bad request, too large, unprocessable: another attempt would end the same. All other failures may pass. */
        private static final Set<Integer> EVENT_IS_WRONG = Set.of(400, 413, 422);

        private final URI address;
        private final @Nullable Path keyFile;
        private final HttpClient client =
                HttpClient.newBuilder().connectTimeout(PATIENCE).build();

        Server(URI address, @Nullable Path keyFile) {
            String path = String.valueOf(address.getPath());
            this.address = path.isEmpty() || path.equals("/") ? withPath(address) : address;
            this.keyFile = keyFile;
        }

        /** With the query of the address: a server may want its token there. */
        private static URI withPath(URI address) {
            String query = address.getRawQuery();
            return address.resolve(query == null ? SERVERS_PATH : SERVERS_PATH + "?" + query);
        }

        @Override
        public String shown() {
            String port = address.getPort() < 0 ? "" : ":" + address.getPort();
            return address.getScheme() + "://" + address.getHost() + port + address.getPath();
        }

        @Override
        public void deliver(String json) throws IOException, InterruptedException, RefusedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(address)
                    .timeout(PATIENCE)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(json));
            if (keyFile != null) {
                request.header(
                        "Authorization", "Bearer " + Files.readString(keyFile).strip());
            }
            int status = client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            if (EVENT_IS_WRONG.contains(status)) {
                throw new RefusedException("HTTP status " + status);
            }
            if (status / 100 != 2) {
                throw new IOException("HTTP status " + status);
            }
        }
    }
}
