package org.datman.bids.dataset;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
     * Reads again what is at a path, a file or a folder with everything below; what is not there is forgotten. Of a path through folders that
     * are not known the first is read.
     */
    public static void refresh(Folder root, String path) throws IOException {
        Folder at = root;
        String[] names = path.substring(1).split("/");
        int last = 0;
        for (; last < names.length - 1; last++) {
            Optional<Folder> next = at.folder(names[last]);
            if (next.isEmpty() || !Files.isDirectory(next.get().onDisk())) {
                break;
            }
            at = next.get();
        }
        String name = names[last];
        String childPath = at.child(name);
        at.files().removeIf(file -> file.name().equals(name));
        at.folders().removeIf(folder -> folder.name().equals(name));
        at.links().removeIf(link -> link.path().equals(childPath));
        Path entry = at.onDisk().resolve(name);
        if (Files.exists(entry, LinkOption.NOFOLLOW_LINKS)) {
            add(at, entry);
        }
    }

    private static Folder read(@Nullable Folder parent, String name, Path place) throws IOException {
        Folder folder = new Folder(parent, name, place);
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(place)) {
            stream.forEach(entries::add);
        }
        Collections.sort(entries);
        for (Path entry : entries) {
            add(folder, entry);
        }
        return folder;
    }

    private static void add(Folder folder, Path entry) throws IOException {
        String name = entry.getFileName().toString();
        if (name.startsWith(".")
                && !(name.equals(IGNORE_FILE) && folder.parent().isEmpty())) {
            return;
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(entry, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                folder.folders().add(read(folder, name, entry));
            } else {
                folder.files().add(DatasetFile.of(folder, name, attributes.size()));
            }
        } catch (FileSystemException unreadable) {
            link(folder, entry, name, unreadable);
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
