package org.datman.pipeline.container;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The real registry of images of Debian, with its files in a folder of its own. */
public final class ImageRegistry implements AutoCloseable {

    public static final String WORDS = "A registry of images (Debian: docker-registry) is not installed";
    private static final Path PROGRAM = Path.of("/usr/bin/docker-registry");
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);

    private final Path folder;
    private final String address;
    private final Process daemon;

    /** Starts it. */
    public ImageRegistry() throws IOException {
        folder = Files.createTempDirectory(Path.of("/tmp"), "registry");
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        address = "localhost:" + port;
        Path configuration = folder.resolve("registry.yml");
        Files.writeString(configuration, """
                version: 0.1
                storage: {filesystem: {rootdirectory: %s/images}}
                http: {addr: "%s"}
                """.formatted(folder, address));
        daemon = new ProcessBuilder(PROGRAM.toString(), "serve", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        Awaitility.await().atMost(STARTS_WITHIN).ignoreExceptions().until(() -> {
            try (Socket answers = new Socket("localhost", port)) {
                return answers.isConnected();
            }
        });
    }

    public static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /** Pushes the image of a store; returns its name here, with its digest. */
    public String push(PodmanStore podman, String name) throws IOException, InterruptedException {
        String here = address + "/" + name;
        Path digest = folder.resolve("digest");
        podman.run("podman", "tag", PodmanStore.NAME, here);
        podman.run("podman", "push", "--tls-verify=false", "--digestfile=" + digest, here);
        return here + "@" + Files.readString(digest).strip();
    }

    /** Ends it, and keeps its files. */
    public void stop() {
        daemon.destroy();
        daemon.onExit().orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() throws IOException {
        stop();
        try {
            PodmanStore.run(Map.of(), "rm", "-rf", folder.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }
}
