package org.datman.local.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What this machine permits of the faults that need rights, and where they are done: in mount and network namespaces of their own, so that nothing outside
 * is mounted or filtered, and all of it ends with the run.
 *
 * @param mounts why no file system can be mounted; null when one can
 * @param filter why no packets can be dropped; null when they can
 */
public record Confinement(@Nullable String mounts, @Nullable String filter) {

    private static final long PATIENCE_SECONDS = 10;
    private static final String OUTSIDE = "not in a namespace of its own";

    /** A command that runs another in namespaces of its own; empty where this user may not make them. */
    public static Optional<List<String>> enclosing(List<String> command) throws InterruptedException {
        List<String> inside = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "--net",
                "--fork",
                "--kill-child=TERM",
                "sh",
                "-c",
                "ip link set lo up && exec \"$@\"",
                "sh"));
        List<String> trial = new ArrayList<>(inside);
        trial.add("true");
        inside.addAll(command);
        return tried(trial).isEmpty() ? Optional.of(inside) : Optional.empty();
    }

    /**
     * What is permitted here.
     *
     * @param inside whether this process runs in namespaces of its own
     */
    static Confinement here(boolean inside) throws InterruptedException {
        if (!inside) {
            return new Confinement(OUTSIDE, OUTSIDE);
        }
        Optional<String> filter = tried(List.of("iptables", "-L", "OUTPUT"));
        if (filter.isEmpty()) {
            filter = tried(List.of("setpriv", "--regid=1", "--keep-groups", "true"));
        }
        return new Confinement(null, filter.orElse(null));
    }

    /** Runs a program of the system. */
    static void run(String... command) throws IOException, InterruptedException {
        Optional<String> problem = tried(List.of(command));
        if (problem.isPresent()) {
            throw new IOException(String.join(" ", command) + ": " + problem.get());
        }
    }

    /** Why a command does not succeed; empty when it does. */
    private static Optional<String> tried(List<String> command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.of(command.get(0) + " does not end");
            }
            return process.exitValue() == 0 ? Optional.empty() : Optional.of(output);
        } catch (IOException e) {
            return Optional.of(command.get(0) + " is not installed");
        }
    }
}
