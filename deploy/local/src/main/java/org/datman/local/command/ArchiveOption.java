package org.datman.local.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.datman.local.provenance.LineageReader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which archive a command works on. */
final class ArchiveOption {

    @Option(
            names = "--archive",
            paramLabel = "DIR",
            description = "The archive (default: the one that FILE is in, else that of this installation).")
    private @Nullable Path archive;

    /** The archive of the option, else the one that the path is in, else that of the installation. */
    Path of(String path, DatmanCommand datman) {
        if (archive != null) {
            return archive.toAbsolutePath().normalize();
        }
        return LineageReader.archiveOf(Path.of(path))
                .orElseGet(() -> datman.home().archive());
    }

    /** A reader of it. */
    LineageReader reader(String path, DatmanCommand datman) throws IOException {
        return new LineageReader(of(path, datman));
    }

    /** Refuses a folder in which something is. */
    static void requireNew(Path target) throws IOException {
        if (Files.exists(target)) {
            try (Stream<Path> entries = Files.list(target)) {
                if (entries.findAny().isPresent()) {
                    throw new IOException(target + " is not empty; give a new folder");
                }
            }
        }
    }
}
