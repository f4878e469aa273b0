package org.datman.bids.dataset;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the folders of a dataset. What begins with a dot does not belong to it, except {@code .bidsignore}. */
public final class FolderReader {

    public static final String IGNORE_FILE = ".bidsignore";

    /** Folders of the dataset that its rules do not look into; they may be large. Datasets in derivatives are validated for themselves. */
    static final Set<String> NOT_ENTERED = Set.of("sourcedata", "code", "derivatives");

    /** How the JDK ends the reason of ELOOP; it has no exception of its own for it, and the part before depends on the language. */
    private static final String LOOP = "or unable to access attributes of symbolic link";

    /** The target of a link that git-annex made; its name has the size. */
    private static final Pattern ANNEXED = Pattern.compile("\\.git/annex/objects/.*-s(\\d+)[-.]");

    private FolderReader() {}

    /** The folder of a dataset and everything below. */
    public static Folder read(Path root) throws IOException {
        return read(null, "", root.toAbsolutePath().normalize());
    }

    /**
     * Reads again what is at a path, a file or a folder with everything below; what is not there is forgotten. Of a path through folders that
     * are not known the first is read. Not for the dataset itself: {@link #read} gives a new one.
     */
    public static void refresh(Folder root, String path) throws IOException {
        if (path.equals("/")) {
            throw new IllegalArgumentException("the dataset itself cannot be refreshed: read it");
        }
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
        at.remove(name);
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
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(entry, BasicFileAttributes.class);
        } catch (FileSystemException unreadable) {
            link(folder, entry, name, unreadable);
            return;
        }
        if (!attributes.isDirectory()) {
            folder.add(DatasetFile.of(folder, name, attributes.size()));
        } else if (folder.parent().isEmpty() && NOT_ENTERED.contains(name)) {
            return;
        } else if (Files.isSymbolicLink(entry) && leadsBack(folder, entry)) {
            folder.add(new Folder.BrokenLink(
                    folder.child(name), Files.readSymbolicLink(entry).toString(), Folder.LinkFault.CIRCULAR, ""));
        } else {
            folder.add(read(folder, name, entry));
        }
    }

    /** Whether a link leads to a folder on the way to it, or to one that holds such a folder: reading it would never end. */
    private static boolean leadsBack(Folder folder, Path link) throws IOException {
        Path target = link.toRealPath();
        for (Optional<Folder> at = Optional.of(folder);
                at.isPresent();
                at = at.get().parent()) {
            if (at.get().onDisk().toRealPath().startsWith(target)) {
                return true;
            }
        }
        return false;
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
            folder.add(DatasetFile.of(folder, name, Long.parseLong(annexed.group(1))));
        } else {
            String reason = String.valueOf(failure.getReason());
            Folder.LinkFault fault = failure instanceof NoSuchFileException
                    ? Folder.LinkFault.NOTHING
                    : failure instanceof FileSystemLoopException || reason.endsWith(LOOP)
                            ? Folder.LinkFault.CIRCULAR
                            : Folder.LinkFault.UNREADABLE;
            folder.add(new Folder.BrokenLink(folder.child(name), target, fault, reason));
        }
    }
}
