package org.datman.platform.archive;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.jspecify.annotations.Nullable;

/**
 * Moves what is no longer valid from its public name to {@code .datman/withdrawn/<date>/<id>/<old path>}, beside a note that
 * records what it was and why. Nothing is deleted.
 */
@ApplicationScoped
public class Withdrawal {

    private static final int KIND_LEVEL = 2;

    private final Archive archive;
    private final Clock clock;

    public Withdrawal(Archive archive, Clock clock) {
        this.archive = archive;
        this.clock = clock;
    }

    /** The note stored beside withdrawn files. */
    record Note(
            SessionRef session,
            String subject,
            Reason reason,
            UUID event,
            java.time.Instant time,
            List<String> paths) {}

    /**
     * Withdraws files. Safe to repeat: files that are already missing are skipped.
     *
     * @param subject what they belong to: the scan, or the resource
     * @param event the event that caused it
     * @throws org.datman.platform.event.OutageException when the archive is unavailable: its files do not count as missing
     */
    public void withdraw(Collection<String> paths, SessionRef session, String subject, Reason reason, UUID event)
            throws IOException {
        archive.requireThere();
        List<String> present = paths.stream()
                .filter(path -> Files.exists(archive.resolve(path)))
                .sorted()
                .toList();
        if (present.isEmpty()) {
            return;
        }
        String folder = folder(present, session, subject, reason, event);
        for (String path : present) {
            Path source = archive.resolve(path);
            Path target = archive.resolve(folder + path);
            Files.createDirectories(target.getParent());
            try {
                Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (NoSuchFileException gone) {
                // Moved by hand in the meantime: it is no longer under its public name, which is sufficient here.
                continue;
            }
            removeEmptyFolders(source.getParent());
        }
    }

    /**
     * Keeps copies of files that are about to be overwritten. Files that are missing or do not match their
     * published digest are skipped.
     *
     * @param subject what they belong to
     * @param event the event that caused it
     * @throws org.datman.platform.event.OutageException when the archive is unavailable: its files do not count as missing
     */
    public void preserve(Collection<FileRef> files, SessionRef session, String subject, Reason reason, UUID event)
            throws IOException {
        archive.requireThere();
        List<String> present = new ArrayList<>();
        for (FileRef file : files) {
            if (archive.verify(file).isEmpty()) {
                present.add(file.path());
            }
        }
        if (present.isEmpty()) {
            return;
        }
        String folder = folder(present, session, subject, reason, event);
        for (String path : present) {
            Path target = archive.resolve(folder + path);
            Files.createDirectories(target.getParent());
            try {
                Files.createLink(target, archive.resolve(path));
            } catch (IOException | UnsupportedOperationException noLinks) {
                Files.copy(archive.resolve(path), target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** A new folder with its note. */
    private String folder(List<String> paths, SessionRef session, String subject, Reason reason, UUID event)
            throws IOException {
        String folder = ".datman/withdrawn/" + LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC) + "/"
                + UUID.randomUUID() + "/";
        archive.write(
                FileRole.STATE,
                folder + "withdrawn.json",
                EventJson.mapper()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsBytes(new Note(session, subject, reason, event, clock.instant(), paths)));
        return folder;
    }

    /** Empty session folders look like sessions without data; they are removed, up to {@code <STUDY>/<kind>}. */
    private void removeEmptyFolders(@Nullable Path folder) throws IOException {
        Path current = folder;
        while (current != null && archive.root().relativize(current).getNameCount() > KIND_LEVEL) {
            try {
                Files.delete(current);
            } catch (DirectoryNotEmptyException | NoSuchFileException inUse) {
                return;
            }
            current = current.getParent();
        }
    }
}
