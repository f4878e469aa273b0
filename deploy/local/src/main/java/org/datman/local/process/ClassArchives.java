package org.datman.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Archives of loaded classes (application class-data sharing of the JVM), one for each process: a start maps it in place of parsing and verifying
 * ten thousand classes, which is a third of its processor time. The first run of a build writes it when it ends; one of another build, or of
 * another JVM, is not used and is replaced.
 */
final class ClassArchives {

    private static final Logger LOG = LoggerFactory.getLogger(ClassArchives.class);

    private static final String ENDING = ".jsa";

    private final Path folder;
    private final Map<String, Path> written = new ConcurrentHashMap<>();

    /**
     * @param folder where they are kept
     */
    ClassArchives(Path folder) {
        this.folder = folder;
    }

    /**
     * Options that make a JVM use the archive of a process, or write it when it ends. None when the folder cannot be written: a start is slower
     * without, and nothing else.
     *
     * @param process name of the process
     * @param jars all that it may load
     */
    List<String> options(String process, List<Path> jars) {
        try {
            Path archive = folder.resolve(process + "-" + key(jars) + ENDING);
            if (Files.exists(archive)) {
                return List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds*=off");
            }
            Files.createDirectories(folder);
            Path part = folder.resolve(
                    archive.getFileName() + "." + ProcessHandle.current().pid() + ".part");
            written.put(process, part);
            return List.of("-XX:ArchiveClassesAtExit=" + part, "-Xlog:cds*=off");
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("Classes are not archived, so that starts stay slow folder={} reason={}", folder, e.toString());
            return List.of();
        }
    }

    /** Whether the process writes its archive when it ends, which takes it some seconds. */
    boolean isWrittenBy(String process) {
        return written.containsKey(process);
    }

    /**
     * Takes over what a process wrote at its end, in place of those of earlier builds.
     *
     * @param whole whether it ended by itself; what a killed one wrote is deleted
     */
    void ended(String process, boolean whole) throws IOException {
        Path part = written.remove(process);
        if (part == null || !Files.exists(part)) {
            return;
        }
        if (!whole) {
            Files.delete(part);
            return;
        }
        String name = part.getFileName().toString();
        Path archive = part.resolveSibling(name.substring(0, name.indexOf(ENDING) + ENDING.length()));
        Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path other : files.toList()) {
                if (other.getFileName().toString().startsWith(process + "-") && !other.equals(archive)) {
                    Files.delete(other);
                }
            }
        }
    }

    /** Of the JVM, and of the jars by what the JVM compares, too: their names, sizes and times. */
    private static String key(List<Path> jars) throws IOException {
        StringBuilder text = new StringBuilder(System.getProperty("java.home"))
                .append(System.getProperty("java.vm.version"))
                .append(System.getProperty("os.arch"));
        for (Path jar : jars) {
            text.append('\n')
                    .append(jar)
                    .append(' ')
                    .append(Files.size(jar))
                    .append(' ')
                    .append(Files.getLastModifiedTime(jar).toMillis());
        }
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(text.toString().getBytes(StandardCharsets.UTF_8)))
                    .substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }
}
