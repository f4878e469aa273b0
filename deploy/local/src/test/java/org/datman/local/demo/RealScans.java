package org.datman.local.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A session of real scans with the reference of its images. */
record RealScans(Path folder, ReferenceImages reference) {

    /** Which tags of the study of real scans are of which kind. */
    static ReferenceKinds kinds() throws IOException {
        return ReferenceKinds.read(
                Path.of(System.getProperty("datman.root"), "deploy/local/src/main/resources/demo-studies")
                        .resolve(ReferenceKinds.FILE));
    }

    static RealScans unpack(String session, Path target) throws IOException, InterruptedException {
        Path source = Path.of(System.getProperty("datman.shared-data")).resolve(session);
        Assumptions.assumeTrue(
                Files.isDirectory(source), "There are no real scans of " + session + " on this machine; skipped");
        try (Stream<Path> archives = Files.list(source)) {
            for (Path archive :
                    archives.filter(file -> file.toString().endsWith(".tar.xz")).toList()) {
                Path series = target.resolve(archive.getFileName().toString().replace(".tar.xz", ""));
                Files.createDirectories(series);
                Process tar = new ProcessBuilder("tar", "-xJf", archive.toString(), "-C", series.toString())
                        .inheritIO()
                        .start();
                if (tar.waitFor() != 0) {
                    throw new IOException(archive + " could not be unpacked");
                }
            }
        }
        return new RealScans(target, ReferenceImages.in(source, kinds()).orElseThrow());
    }
}
