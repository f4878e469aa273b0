package org.datman.pipeline.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The real Podman of Debian with images in a folder of its own, and one image with the static busybox of Debian as its only program.
 * By runc: crun does not run where control groups are of both versions.
 */
public final class PodmanStore implements AutoCloseable {

    static final String NAME = "localhost/datman/busybox";
    public static final String WORDS =
            "Podman (Debian: podman runc busybox-static) is not installed, or this is not root";
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private final Path folder;
    private final String image;

    /** Builds the image. */
    public PodmanStore() throws IOException, InterruptedException {
        // The path of a socket may have some hundred characters only.
        folder = Files.createTempDirectory(Path.of("/tmp"), "podman");
        Files.writeString(folder.resolve("storage.conf"), """
                [storage]
                driver = "vfs"
                graphroot = "%1$s/images"
                runroot = "%1$s/run"
                """.formatted(folder));
        Files.writeString(folder.resolve("containers.conf"), """
                [containers]
                default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
                [engine]
                runtime = "runc"
                cgroup_manager = "cgroupfs"
                events_logger = "none"
                tmp_dir = "%1$s/tmp"
                """.formatted(folder));
        Path context = Files.createDirectories(folder.resolve("context"));
        Path bin = Files.createDirectories(context.resolve("image/bin"));
        Files.copy(BUSYBOX, bin.resolve("busybox"));
        for (String program :
                List.of("sh", "cp", "cat", "sleep", "id", "ls", "env", "head", "tail", "grep", "echo", "true")) {
            Files.createSymbolicLink(bin.resolve(program), Path.of("busybox"));
        }
        Files.writeString(context.resolve("Containerfile"), "FROM scratch\nCOPY image /\n");
        run("podman", "build", "--tag", NAME, context.toString());
        image = NAME + "@"
                + run("podman", "images", "--format", "{{.Digest}}", NAME).strip();
    }

    public static boolean isInstalled() {
        return Stream.of("/usr/bin/podman", "/usr/sbin/runc", BUSYBOX.toString())
                        .allMatch(program -> Files.isExecutable(Path.of(program)))
                && System.getProperty("user.name").equals("root");
    }

    /** Why no container can be run on this machine, in Podman's words; empty when one can. */
    public String whyNone() throws InterruptedException {
        try {
            run("podman", "run", "--rm", "--network=none", "--log-driver=none", image, "/bin/true");
            return "";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** With which Podman finds the images. */
    public Map<String, String> environment() {
        return Map.of(
                "CONTAINERS_CONF", folder.resolve("containers.conf").toString(),
                "CONTAINERS_STORAGE_CONF", folder.resolve("storage.conf").toString());
    }

    /** The image, with its digest. */
    public String image() {
        return image;
    }

    /** The names of all containers, running or not. */
    public List<String> containers() throws IOException, InterruptedException {
        return run("podman", "ps", "--all", "--format", "{{.Names}}").lines().toList();
    }

    /** Runs a program with these images; returns what it writes. */
    public String run(String... command) throws IOException, InterruptedException {
        return run(environment(), command);
    }

    static String run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)));
        Path err = Files.createTempFile("podman", ".err");
        try {
            builder.redirectError(err.toFile()).environment().putAll(environment);
            builder.environment().put("TMPDIR", "/tmp");
            Process process = builder.start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + Files.readString(err));
            }
            return out;
        } finally {
            Files.delete(err);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            run("podman", "rm", "--all", "--force", "--time", "0");
            run(Map.of(), "rm", "-rf", folder.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }
}
