package org.datman.local.withdrawal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.contracts.event.EventJson;
import org.jspecify.annotations.Nullable;

/**
 * The folders below {@code .datman/withdrawn} of an archive: files that are no longer valid, each with the note that the services wrote. What is
 * removed leaves its note, with the time of the removal.
 */
public final class WithdrawnFiles {

    private static final String FOLDER = ".datman/withdrawn";
    private static final String NOTE = "withdrawn.json";
    private static final String REMOVED = "removed";

    private final Path archive;

    /**
     * The withdrawn files of an archive.
     *
     * @throws IOException when the archive is not there
     */
    public WithdrawnFiles(Path archive) throws IOException {
        if (!ArchiveMark.isThere(archive)) {
            throw new IOException(ArchiveMark.away(archive));
        }
        this.archive = archive;
    }

    /**
     * What was withdrawn at once.
     *
     * @param folder with its files and its note
     * @param server short name of the XNAT of the session
     * @param accession id of the session there
     * @param subject what of the session: a scan, or an associated file
     * @param reason in words
     * @param time when it was withdrawn
     * @param files that are kept of it
     * @param bytes of these files
     */
    public record Withdrawn(
            Path folder,
            String server,
            String accession,
            String subject,
            String reason,
            Instant time,
            long files,
            long bytes) {

        /** Whether it is of that session, given as accession id or {@code server/accession}. */
        public boolean isOf(String session) {
            return accession.equals(session) || (server + "/" + accession).equals(session);
        }
    }

    /**
     * All that is still kept, the oldest day first.
     *
     * @param unreadable gets the notes that cannot be read
     */
    public List<Withdrawn> list(Predicate<Withdrawn> wanted, Consumer<Path> unreadable) throws IOException {
        List<Withdrawn> found = new ArrayList<>();
        for (Path day : folders(archive.resolve(FOLDER))) {
            for (Path folder : folders(day)) {
                Path note = folder.resolve(NOTE);
                try {
                    Withdrawn one = read(folder, note);
                    if (one.files() > 0 && wanted.test(one)) {
                        found.add(one);
                    }
                } catch (IOException | RuntimeException damaged) {
                    unreadable.accept(note);
                }
            }
        }
        return found;
    }

    private static List<Path> folders(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static Withdrawn read(Path folder, Path note) throws IOException {
        JsonNode json = EventJson.mapper().readTree(Files.readAllBytes(note));
        long files = 0;
        long bytes = 0;
        for (Path file : files(folder)) {
            files++;
            bytes += Files.size(file);
        }
        return new Withdrawn(
                folder,
                json.path("session").path("server").asText(),
                json.path("session").path("accession").asText(),
                json.path("subject").asText(),
                json.path("reason").path("message").asText(),
                Instant.parse(json.path("time").asText()),
                files,
                bytes);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(path -> !Files.isDirectory(path) && !path.equals(folder.resolve(NOTE)))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Removes the files for good. The note stays.
     *
     * @throws IOException when one cannot be removed; what was removed is gone, and the rest can be removed again
     */
    public void remove(Withdrawn one, Instant now) throws IOException {
        Files.walkFileTree(one.folder(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.equals(one.folder().resolve(NOTE))) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                if (!folder.equals(one.folder())) {
                    Files.delete(folder);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        note(one.folder().resolve(NOTE), now);
    }

    private static void note(Path note, Instant now) throws IOException {
        try {
            if (EventJson.mapper().readTree(Files.readAllBytes(note)) instanceof ObjectNode json) {
                json.put(REMOVED, now.toString());
                Path part = note.resolveSibling(NOTE + ".part");
                Files.write(
                        part,
                        EventJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
                Files.move(part, note, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (JsonProcessingException e) {
            throw new IOException(note + " cannot be read: " + e.getOriginalMessage(), e);
        }
    }
}
