package org.datman.bids.dataset;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the folders of a dataset. What begins with a dot does not belong to it, except {@code .bidsignore}. */
public final class FolderReader {

    public static final String IGNORE_FILE = ".bidsignore";

    /** The target of a link that git-annex made; its name has the size. */
    private static final Pattern ANNEXED = Pattern.compile("\\.git/annex/objects/.*-s(\\d+)[-.]");

    private FolderReader() {}

    /** The folder of a dataset and everything below. */
    public static Folder read(Path root) throws IOException {
        return read(null, "", root.toAbsolutePath().normalize());
    }

    /**
     * Reads one folder again, in place.
     *
     * @param below whether what lies below is read again too; else only what is new, and what went is forgotten
     */
    public static void refresh(Folder folder, boolean below) throws IOException {
        List<Folder> known = below ? List.of() : List.copyOf(folder.folders());
        folder.files().clear();
        folder.folders().clear();
        folder.links().clear();
        fill(folder, known);
    }

    private static Folder read(@Nullable Folder parent, String name, Path place) throws IOException {
        Folder folder = new Folder(parent, name, place);
        fill(folder, List.of());
        return folder;
    }

    private static void fill(Folder folder, List<Folder> known) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder.onDisk())) {
            stream.forEach(entries::add);
        }
        Collections.sort(entries);
        for (Path entry : entries) {
            String name = entry.getFileName().toString();
            if (name.startsWith(".")
                    && !(name.equals(IGNORE_FILE) && folder.parent().isEmpty())) {
                continue;
            }
            try {
                BasicFileAttributes attributes = Files.readAttributes(entry, BasicFileAttributes.class);
                if (attributes.isDirectory()) {
                    Optional<Folder> there = known.stream()
                            .filter(each -> each.name().equals(name))
                            .findFirst();
                    folder.folders().add(there.isPresent() ? there.get() : read(folder, name, entry));
                } else {
                    folder.files().add(DatasetFile.of(folder, name, attributes.size()));
                }
            } catch (FileSystemException unreadable) {
                link(folder, entry, name, unreadable);
            }
        }
    }

    private static void link(Folder folder, Path entry, String name, FileSystemException failure) throws IOException {
        if (!Files.isSymbolicLink(entry)) {
            if (failure instanceof NoSuchFileException) {
                return; // Went while the folder was read.
            }
            throw failure;
        }
        String target = Files.readSymbolicLink(entry).toString();
        Matcher annexed = ANNEXED.matcher(target);
        if (annexed.find()) {
            folder.files().add(DatasetFile.of(folder, name, Long.parseLong(annexed.group(1))));
        } else {
            folder.links()
                    .add(new Folder.BrokenLink(folder.child(name), target, !(failure instanceof NoSuchFileException)));
        }
    }
}
