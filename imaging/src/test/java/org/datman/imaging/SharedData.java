package org.datman.imaging;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The real scans in a folder beside the checkout. Tests that need them are skipped with a message where they are absent. */
public final class SharedData {

    private SharedData() {}

    /** The folder of the real scans; ends the test as skipped if there is none. */
    public static Path folder() {
        String property = System.getProperty("datman.shared-data", "");
        Path folder = Path.of(property);
        assumeTrue(
                !property.isEmpty() && Files.isDirectory(folder),
                "skipped: no real scans, the system property datman.shared-data names no folder");
        return folder;
    }

    /** One archive per DICOM series, sorted. */
    public static List<Path> dicomArchives() throws IOException {
        try (Stream<Path> files = Files.walk(folder(), 2)) {
            return files.filter(file -> file.toString().endsWith(".tar.xz"))
                    .sorted()
                    .toList();
        }
    }

    /** Unpacks an archive to a folder of its own and returns that; skips the test where tar or xz is missing. */
    public static Path unpack(Path archive, Path dir) throws IOException {
        Path to = dir.resolve(archive.getParent().getFileName()).resolve(archive.getFileName());
        Files.createDirectories(to);
        try {
            int exit = new ProcessBuilder("tar", "-xJf", archive.toString(), "-C", to.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.to(new File("/dev/null")))
                    .start()
                    .waitFor();
            assumeTrue(exit == 0, "skipped: tar could not unpack xz archives");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while unpacking", e);
        }
        return to;
    }
}
