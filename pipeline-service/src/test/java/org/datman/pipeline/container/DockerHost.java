package org.datman.pipeline.container;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The real daemon of Docker and the real registry of Debian, with their files in a folder of their own and no bridge to a network. */
public final class DockerHost implements AutoCloseable {

    public static final String WORDS =
            "Docker (Debian: docker.io docker-registry) is not installed, or this is not root";
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(90);

    private final Path folder;
    private final String registry;
    private final List<Process> daemons = new ArrayList<>();

    /** Starts both. */
    public DockerHost() throws IOException {
        folder = Files.createTempDirectory(Path.of("/tmp"), "docker");
        try (ServerSocket socket = new ServerSocket(0)) {
            registry = "localhost:" + socket.getLocalPort();
        }
        Files.writeString(folder.resolve("registry.yml"), """
                version: 0.1
                storage: {filesystem: {rootdirectory: %s/registry}}
                http: {addr: "%s"}
                """.formatted(folder, registry));
        daemon("docker-registry", "serve", folder.resolve("registry.yml").toString());
        daemon(
                "dockerd",
                "--host=" + socket(),
                "--data-root=" + folder.resolve("data"),
                "--exec-root=" + folder.resolve("exec"),
                "--pidfile=" + folder.resolve("pid"),
                "--storage-driver=vfs",
                "--iptables=false",
                "--ip6tables=false",
                "--bridge=none",
                "--default-ulimit=nofile=1024:1024");
        Awaitility.await().atMost(STARTS_WITHIN).ignoreExceptions().until(() -> !run("docker", "info")
                .isEmpty());
    }

    public static boolean isInstalled() {
        return Stream.of("/usr/sbin/dockerd", "/usr/bin/docker-registry")
                        .allMatch(program -> Files.isExecutable(Path.of(program)))
                && System.getProperty("user.name").equals("root");
    }

    /** With which the programs of Docker find the daemon. */
    public Map<String, String> environment() {
        return Map.of("DOCKER_HOST", socket());
    }

    private String socket() {
        return "unix://" + folder.resolve("socket");
    }

    /** Pushes an image of Podman to the registry; returns its name there, with its digest. */
    public String push(PodmanStore podman) throws IOException, InterruptedException {
        String name = registry + "/datman/busybox";
        Path digest = folder.resolve("digest");
        podman.run("podman", "tag", PodmanStore.NAME, name);
        podman.run("podman", "push", "--tls-verify=false", "--digestfile=" + digest, name);
        return name + "@" + Files.readString(digest).strip();
    }

    /** Runs a program with this daemon; returns what it writes. */
    public String run(String... command) throws IOException, InterruptedException {
        return PodmanStore.run(environment(), command);
    }

    private void daemon(String... command) throws IOException {
        daemons.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(command[0] + ".log").toFile())
                .start());
    }

    @Override
    public void close() throws IOException {
        for (Process daemon : daemons) {
            daemon.destroy();
            daemon.onExit().orTimeout(60, TimeUnit.SECONDS).join();
        }
        try {
            PodmanStore.run(Map.of(), "rm", "-rf", folder.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }
}
