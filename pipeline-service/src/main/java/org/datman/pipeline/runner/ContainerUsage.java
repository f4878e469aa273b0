package org.datman.pipeline.runner;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.datman.pipeline.runner.JobRunner.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What a container of Podman or Docker on this machine uses: its control group, looked at while it runs. The group goes with the container, so
 * the last look counts.
 *
 * <p>Files: https://docs.kernel.org/admin-guide/cgroup-v2.html (cpu.stat, memory.peak), and of version 1
 * https://docs.kernel.org/admin-guide/cgroup-v1/cpuacct.html, https://docs.kernel.org/admin-guide/cgroup-v1/memory.html.
 */
final class ContainerUsage {

    private static final Path GROUPS = Path.of("/sys/fs/cgroup");
    private static final long ANSWER_WITHIN_SECONDS = 5;
    private static final Duration ASKED_EVERY = Duration.ofMillis(500);
    private static final Pattern STATE = Pattern.compile("([0-9a-f]{64}) ([1-9][0-9]{0,9})");
    private static final Pattern USEC = Pattern.compile("(?m)^usage_usec ([0-9]{1,18})$");
    private static final double NANOSECONDS = 1e9;
    private static final double MICROSECONDS = 1e6;

    private final String program;
    private final String name;
    private final Map<String, String> environment;
    private @Nullable String membership;
    private long asked = System.nanoTime() - ASKED_EVERY.toNanos();
    private @Nullable Double cpuSeconds;
    private @Nullable Long memory;

    /**
     * @param program that runs it, as {@code podman}
     * @param environment with which the program finds it
     */
    ContainerUsage(String program, String name, Map<String, String> environment) {
        this.program = program;
        this.name = name;
        this.environment = Map.copyOf(environment);
    }

    /** Looks once. */
    void look() throws InterruptedException {
        try {
            if (membership == null && System.nanoTime() - asked >= ASKED_EVERY.toNanos()) {
                membership = membership();
                asked = System.nanoTime();
            }
            if (membership != null) {
                read(GROUPS, membership);
            }
        } catch (IOException notYetOrNotAnyMore) {
            // What was seen before counts.
        }
    }

    /** The groups of which the container is a member, as /proc has them; null when it does not run, or has no group of its own. */
    private @Nullable String membership() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        program, "inspect", "--type=container", "--format={{.Id}} {{.State.Pid}}", name)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return null;
        }
        String answer = new String(process.getInputStream().readNBytes(200), StandardCharsets.UTF_8).strip();
        Matcher state = STATE.matcher(answer);
        if (!state.matches()) {
            return null;
        }
        String groups = Files.readString(Path.of("/proc", state.group(2), "cgroup"));
        // Without groups of their own containers are in that of this service.
        List<String> own =
                groups.lines().filter(line -> line.contains(state.group(1))).toList();
        return own.isEmpty() ? null : String.join("\n", own);
    }

    /**
     * Reads what the groups have counted.
     *
     * @param root where the control groups are
     * @param memberships lines as of /proc/PID/cgroup
     */
    void read(Path root, String memberships) throws IOException {
        for (String line : memberships.split("\n")) {
            String[] fields = line.split(":", 3);
            if (fields.length < 3) {
                continue;
            }
            String path = fields[2].replaceFirst("^/+", "");
            List<String> controllers = List.of(fields[1].split(","));
            if (fields[1].isEmpty()) {
                for (Path group :
                        List.of(root.resolve(path), root.resolve("unified").resolve(path))) {
                    cpu(group.resolve("cpu.stat"));
                    memory(group.resolve("memory.peak"));
                }
            }
            for (String place : Stream.concat(Stream.of(fields[1]), controllers.stream())
                    .filter(each -> !each.isEmpty())
                    .toList()) {
                Path group = root.resolve(place).resolve(path);
                cpu(group.resolve("cpuacct.usage"));
                memory(group.resolve("memory.max_usage_in_bytes"));
            }
        }
    }

    private void cpu(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            return;
        }
        String text = Files.readString(file).strip();
        Matcher usec = USEC.matcher(text);
        if (usec.find()) {
            cpuSeconds = Long.parseLong(usec.group(1)) / MICROSECONDS;
        } else if (text.matches("[0-9]{1,18}")) {
            cpuSeconds = Long.parseLong(text) / NANOSECONDS;
        }
    }

    private void memory(Path file) throws IOException {
        if (Files.isReadable(file)) {
            String text = Files.readString(file).strip();
            if (text.matches("[0-9]{1,18}")) {
                memory = Long.parseLong(text);
            }
        }
    }

    /** What was seen last. */
    Usage usage() {
        boolean all = cpuSeconds != null && memory != null;
        return new Usage(
                cpuSeconds,
                memory,
                all
                        ? ""
                        : cpuSeconds == null && memory == null
                                ? "the container was over before it was looked at, or has no control group of its own"
                                : "the control group of the container does not count both");
    }
}
