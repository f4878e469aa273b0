package org.datman.simulator.rest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.UUID;
import org.datman.simulator.archive.ArchivedFile;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.importer.Unpacker;

/** Stores uploaded bytes. */
public final class Uploads {
    private final Path folder;
    private final Clock clock;

    public Uploads(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** Moves a request body to a file of a resource. */
    public ArchivedFile store(Path body, String path) throws IOException {
        Files.createDirectories(folder);
        Path target = folder.resolve("file-" + UUID.randomUUID());
        Files.move(body, target);
        return new ArchivedFile(path, target.toAbsolutePath(), Files.size(target), clock.instant());
    }

    /** Writes bytes as a file of a resource. */
    public ArchivedFile store(byte[] bytes, String path) throws IOException {
        Files.createDirectories(folder);
        Path target = folder.resolve("file-" + UUID.randomUUID());
        Files.write(target, bytes);
        return new ArchivedFile(path, target.toAbsolutePath(), bytes.length, clock.instant());
    }

    /**
     * A new folder with the content of an archive.
     *
     * @throws Refusal 400 when it cannot be unpacked
     */
    Path unpacked(Path archive) throws IOException {
        Path unpacked = newFolder("unpacked-");
        try {
            Unpacker.unpack(archive, unpacked);
        } catch (IOException damaged) {
            throw new Refusal(400, "The upload cannot be unpacked: " + damaged.getMessage());
        }
        return unpacked;
    }

    /** A new empty folder. */
    public Path newFolder(String prefix) throws IOException {
        Files.createDirectories(folder);
        return Files.createTempDirectory(folder, prefix);
    }
}
