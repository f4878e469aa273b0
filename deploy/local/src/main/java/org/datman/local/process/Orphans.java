package org.datman.local.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.datman.embedded.LocalPostgres;
import org.datman.local.InstallationFolder;

/** Processes of an installation whose supervisor was killed: two instances of a service must not work on one archive. */
public final class Orphans {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Orphans() {}

    /** The argument that identifies processes of an installation, even when the file that lists them is lost. */
    public static String mark(InstallationFolder home) {
        return "-Ddatman.part-of=" + home.folder();
    }

    /** The processes of the installation other than this one, PostgreSQL left out. */
    public static List<ProcessHandle> of(InstallationFolder home) throws IOException {
        List<ProcessHandle> found = new ArrayList<>();
        Path proc = Path.of("/proc");
        if (!Files.isDirectory(proc)) {
            return found;
        }
        String mark = mark(home);
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (pid != ProcessHandle.current().pid() && arguments(process).contains(mark)) {
                    ProcessHandle.of(pid).filter(ProcessHandle::isAlive).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    /** Ends them and their children, services before their dependencies; returns how many there were. */
    public static int end(InstallationFolder home) throws IOException, InterruptedException {
        List<ProcessHandle> orphans = of(home);
        List<ProcessHandle> all = new ArrayList<>(orphans);
        orphans.forEach(orphan -> orphan.descendants().forEach(all::add));
        orphans.forEach(ProcessHandle::destroy);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (all.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < deadline) {
            // A child whose parent has ended is asked by nobody else.
            if (orphans.stream().noneMatch(ProcessHandle::isAlive)) {
                all.forEach(ProcessHandle::destroy);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        all.forEach(ProcessHandle::destroyForcibly);
        Optional<ProcessHandle> postgres = LocalPostgres.leftOver(home.postgres());
        LocalPostgres.stopLeftOver(home.postgres());
        return orphans.size() + (postgres.isPresent() ? 1 : 0);
    }

    private static List<String> arguments(Path process) {
        try {
            return List.of(
                    new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8).split("\0"));
        } catch (IOException ended) {
            return List.of();
        }
    }
}
