package org.datman.simulator.orthanc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The Orthanc that is installed on this machine, as a process with a storage of its own, for tests. Only this machine reaches it. */
public final class LocalOrthanc implements AutoCloseable {

    public static final String USER = "datman";
    public static final String PASSWORD = "secret";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START = Duration.ofSeconds(60);

    /** Answers 403 to what has the content of the file in its path, as plug-ins do that restrict accounts. */
    private static final String FILTER = """
            function IncomingHttpRequestFilter(method, uri, ip, username, headers)
              local file = io.open('%s', 'r')
              if not file then return true end
              local refused = file:read('*a')
              file:close()
              return refused == '' or not string.find(uri, refused, 1, true)
            end
            """;

    private final Process process;
    private final URI url;
    private final Path refused;
    private final HttpClient client = HttpClient.newHttpClient();

    private LocalOrthanc(Process process, URI url, Path refused) {
        this.process = process;
        this.url = url;
        this.refused = refused;
    }

    /** The program; empty when it is not installed. */
    public static Optional<Path> program() {
        return Stream.concat(Stream.of(System.getenv().getOrDefault("PATH", "").split(":")), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, "Orthanc"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The DICOMweb plug-in; empty when it is not installed. With it Orthanc answers below {@code /dicom-web/}. */
    public static Optional<Path> dicomWeb() {
        return Optional.of(Path.of("/usr/share/orthanc/plugins/libOrthancDicomWeb.so"))
                .filter(Files::isReadable);
    }

    private static Map<String, Object> settings(Map<String, Object> all) {
        Map<String, Object> settings = new HashMap<>(all);
        dicomWeb().ifPresent(plugin -> settings.put("Plugins", List.of(plugin.toString())));
        return settings;
    }

    /**
     * Starts it; returns when it answers. A study is stable one second after its last image.
     *
     * @param folder for its configuration, storage and log
     */
    public static LocalOrthanc start(Path folder) throws IOException {
        Path program = program().orElseThrow(() -> new IOException("Orthanc is not installed"));
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path storage = Files.createDirectories(folder.resolve("storage"));
        Path configuration = folder.resolve("orthanc.json");
        Path refused = folder.resolve("refused");
        Path filter = Files.writeString(folder.resolve("filter.lua"), FILTER.formatted(refused));
        Files.write(
                configuration,
                JSON.writeValueAsBytes(settings(Map.of(
                        "StorageDirectory",
                        storage.toString(),
                        "IndexDirectory",
                        storage.toString(),
                        "HttpPort",
                        port,
                        "DicomServerEnabled",
                        false,
                        "RemoteAccessAllowed",
                        false,
                        "AuthenticationEnabled",
                        true,
                        "RegisteredUsers",
                        Map.of(USER, PASSWORD),
                        "LuaScripts",
                        List.of(filter.toString()),
                        "StableAge",
                        1,
                        // A file is read from the disk, also one that was stored just now.
                        "MaximumStorageCacheSize",
                        0))));
        Process process = new ProcessBuilder(program.toString(), configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("orthanc.log").toFile())
                .start();
        LocalOrthanc orthanc = new LocalOrthanc(process, URI.create("http://localhost:" + port), refused);
        try {
            orthanc.awaitAnswer();
        } catch (IOException e) {
            process.destroyForcibly();
            throw new IOException(e.getMessage() + ": " + Files.readString(folder.resolve("orthanc.log")), e);
        }
        return orthanc;
    }

    private void awaitAnswer() throws IOException {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                request("GET", "/system", BodyPublishers.noBody());
                return;
            } catch (IOException notYet) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException("Orthanc does not answer", notYet);
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    public URI url() {
        return url;
    }

    /**
     * Sends DICOM files to it.
     *
     * @return Orthanc's id of their study; that of the last file's
     */
    public String store(List<Path> files) throws IOException {
        String study = "";
        for (Path file : files) {
            study = request("POST", "/instances", BodyPublishers.ofFile(file))
                    .path("ParentStudy")
                    .asText();
        }
        return study;
    }

    /** Sends all files of a folder to it, in the order of their names. */
    public String store(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return store(files.sorted().toList());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Deletes what is at a path of its REST API. */
    public void delete(String path) throws IOException {
        request("DELETE", path, BodyPublishers.noBody());
    }

    /** Everything whose path has this text is refused with 403 from now on; an empty text for nothing. */
    public void refuse(String text) throws IOException {
        Files.writeString(refused, text);
    }

    /** Orthanc closes a connection that was idle for a second; the client notices that only when it sends on it. */
    private HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException closed) {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private JsonNode request(String method, String path, BodyPublisher body) throws IOException {
        String account = Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        try {
            HttpResponse<byte[]> answer = send(HttpRequest.newBuilder(URI.create(url + path))
                    .method(method, body)
                    .header("Authorization", "Basic " + account)
                    .build());
            if (answer.statusCode() != 200) {
                throw new IOException(method + " " + path + ": " + answer.statusCode() + " "
                        + new String(answer.body(), StandardCharsets.UTF_8));
            }
            return JSON.readTree(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
