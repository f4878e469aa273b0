package org.datman.local.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.datman.contracts.archive.Fixity;

/** Whether all files of a backup are as they were written: each is read and its SHA-256 compared. */
public final class BackupCheck {

    private static final int NAMED = 20;

    private final BackupStore.Stored backup;
    private final List<String> faults = new ArrayList<>();
    private long files;
    private long bytes;
    private long different;

    private BackupCheck(BackupStore.Stored backup) {
        this.backup = backup;
    }

    /**
     * The result.
     *
     * @param different how many files are missing or have other bytes
     * @param faults the first of them, in words
     */
    public record Result(long files, long bytes, long different, List<String> faults) {}

    /** Reads a whole backup. */
    public static Result of(BackupStore.Stored backup) throws IOException {
        BackupCheck check = new BackupCheck(backup);
        Set<String> sound = new HashSet<>();
        for (BackupManifest.Part part : backup.manifest().parts()) {
            if (check.compare(part.path(), part.size(), part.sha256())) {
                sound.add(part.path());
            }
        }
        for (BackupManifest.Tree tree : backup.manifest().trees()) {
            if (tree.copied() && sound.contains(tree.list())) {
                TreeCopy.each(backup.folder().resolve(tree.list()), file -> {
                    if (file.link().isEmpty()) {
                        check.compare(tree.name() + "/" + file.path(), file.size(), file.sha256());
                    }
                });
            }
        }
        return new Result(check.files, check.bytes, check.different, check.faults);
    }

    private boolean compare(String path, long size, String sha256) throws IOException {
        files++;
        Path file = inside(backup.folder(), path);
        try {
            if (Files.size(file) != size) {
                return fault(path + " has " + Files.size(file) + " bytes instead of " + size);
            }
            bytes += size;
            return Fixity.sha256(file).equals(sha256) || fault(path + " has other bytes than were written");
        } catch (NoSuchFileException gone) {
            return fault(path + " is missing");
        }
    }

    private boolean fault(String text) {
        different++;
        if (faults.size() < NAMED) {
            faults.add(text);
        }
        return false;
    }

    /**
     * A place in a folder.
     *
     * @throws IOException when it is outside: nobody who backs up writes such a path
     */
    static Path inside(Path folder, String path) throws IOException {
        Path place = folder.resolve(path).normalize();
        if (!place.startsWith(folder) || place.equals(folder)) {
            throw new IOException("The backup names '" + path + "', which is outside of its folder: do not use it");
        }
        return place;
    }
}
