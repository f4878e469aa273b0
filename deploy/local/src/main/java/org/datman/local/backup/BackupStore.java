package org.datman.local.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.EventJson;

/**
 * A folder of backups: one folder each, named after its time in UTC ({@code 20261201T032000.123Z}). One under way has another name and no
 * manifest, so that it is never taken for a whole one.
 */
public final class BackupStore {

    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String WHOLE = "\\d{8}T\\d{6}\\.\\d{3}Z";
    private static final String PARTIAL = ".unfinished";

    private final Path folder;

    public BackupStore(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /**
     * A whole backup.
     *
     * @param folder with its files
     */
    public record Stored(Path folder, BackupManifest manifest) {}

    Path folder() {
        return folder;
    }

    /** Folders of the whole backups, the oldest first. */
    public List<Path> whole() throws IOException {
        return named(WHOLE);
    }

    /**
     * The newest whole backup that is not of after a time.
     *
     * @throws IOException when its manifest cannot be read, or is not as it was written
     */
    public Optional<Stored> newest(Instant at) throws IOException {
        List<Path> whole = whole();
        for (int i = whole.size() - 1; i >= 0; i--) {
            if (NAME.parse(whole.get(i).getFileName().toString(), Instant::from).compareTo(at) <= 0) {
                return Optional.of(read(whole.get(i)));
            }
        }
        return Optional.empty();
    }

    /**
     * A backup by its folder.
     *
     * @throws IOException when its manifest cannot be read, or is not as it was written
     */
    public static Stored read(Path backup) throws IOException {
        Path file = backup.resolve(BackupManifest.FILE);
        byte[] manifest = Files.readAllBytes(file);
        String digest = Files.readString(backup.resolve(BackupManifest.DIGEST)).strip();
        if (!DigestUtils.sha256Hex(manifest).equals(digest)) {
            throw new IOException(file + " is not as it was written: take another backup");
        }
        try {
            int format = EventJson.mapper().readTree(manifest).path("format").asInt();
            if (format > BackupManifest.FORMAT) {
                throw new IOException(backup + " was made by a later DATMAN (format " + format + "; this one reads "
                        + BackupManifest.FORMAT + "): use that one");
            }
            return new Stored(backup, EventJson.mapper().readValue(manifest, BackupManifest.class));
        } catch (JsonProcessingException e) {
            throw new IOException(file + " cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    /** A new folder for a backup under way; what ended early before is removed. The caller holds the lock. */
    Path begin() throws IOException {
        for (Path unfinished : named(WHOLE + "\\" + PARTIAL + "|new\\" + PARTIAL)) {
            delete(unfinished);
        }
        Path partial = folder.resolve("new" + PARTIAL);
        PartWriter.folder(partial);
        return partial;
    }

    /** Writes the manifest and gives the folder its name: from now on it is a backup. */
    Path finish(Path partial, BackupManifest manifest) throws IOException {
        byte[] json = EventJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest);
        write(partial.resolve(BackupManifest.FILE), json);
        write(
                partial.resolve(BackupManifest.DIGEST),
                (DigestUtils.sha256Hex(json) + "\n").getBytes(StandardCharsets.UTF_8));
        Path target = folder.resolve(NAME.format(manifest.time()));
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        sync(folder);
        return target;
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = PartWriter.create(file)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
    }

    /** The new name is on the disk, too. */
    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Removes all but the newest.
     *
     * @param kept how many stay
     * @return how many were removed
     */
    int prune(int kept) throws IOException {
        List<Path> whole = whole();
        int obsolete = Math.max(0, whole.size() - kept);
        for (Path old : whole.subList(0, obsolete)) {
            // From this moment on it is no whole backup, whatever happens while it is removed.
            Path doomed = old.resolveSibling(old.getFileName() + PARTIAL);
            Files.move(old, doomed, StandardCopyOption.ATOMIC_MOVE);
            delete(doomed);
        }
        return obsolete;
    }

    private List<Path> named(String pattern) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> entry.getFileName().toString().matches(pattern) && Files.isDirectory(entry))
                    .sorted()
                    .toList();
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
