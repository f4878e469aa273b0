package org.datman.pipeline.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The real daemon of Docker, with its files in a folder of its own and no bridge to a network. */
public final class DockerHost implements AutoCloseable {

    public static final String WORDS = "Docker (Debian: docker.io) is not installed, or this is not root";
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(90);

    private final Path folder;
    private final Process daemon;

    /** Starts it. */
    public DockerHost() throws IOException {
        folder = Files.createTempDirectory(Path.of("/tmp"), "docker");
        daemon = new ProcessBuilder(
                        "dockerd",
                        "--host=" + socket(),
                        "--data-root=" + folder.resolve("data"),
                        "--exec-root=" + folder.resolve("exec"),
                        "--pidfile=" + folder.resolve("pid"),
                        "--storage-driver=vfs",
                        "--iptables=false",
                        "--ip6tables=false",
                        "--bridge=none",
                        "--default-ulimit=nofile=1024:1024")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        Awaitility.await().atMost(STARTS_WITHIN).ignoreExceptions().until(() -> !run("docker", "info")
                .isEmpty());
    }

    public static boolean isInstalled() {
        return Files.isExecutable(Path.of("/usr/sbin/dockerd"))
                && System.getProperty("user.name").equals("root");
    }

    /** With which the programs of Docker find the daemon. */
    public Map<String, String> environment() {
        return Map.of("DOCKER_HOST", socket());
    }

    private String socket() {
        return "unix://" + folder.resolve("socket");
    }

    /** Runs a program with this daemon; returns what it writes. */
    public String run(String... command) throws IOException, InterruptedException {
        return PodmanStore.run(environment(), command);
    }

    @Override
    public void close() throws IOException {
        daemon.destroy();
        daemon.onExit().orTimeout(60, TimeUnit.SECONDS).join();
        try {
            PodmanStore.run(Map.of(), "rm", "-rf", folder.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }
}
