package org.datman.bids.dataset;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A folder of a dataset, as it was when it was read; {@link FolderReader#refresh} alone changes it, and its lists are views. */
public final class Folder {

    private final @Nullable Folder parent;
    private final String name;
    private final String path;
    private final Path onDisk;
    private final List<DatasetFile> files = new ArrayList<>();
    private final List<Folder> folders = new ArrayList<>();
    private final List<BrokenLink> links = new ArrayList<>();

    Folder(@Nullable Folder parent, String name, Path onDisk) {
        this.parent = parent;
        this.name = name;
        this.onDisk = onDisk;
        path = parent == null ? "/" : parent.child(name);
    }

    /** Why a symbolic link cannot be followed: it leads to nothing, back to itself, or to what cannot be read. */
    public enum LinkFault {
        NOTHING,
        CIRCULAR,
        UNREADABLE
    }

    /**
     * A symbolic link that is not followed.
     *
     * @param path of the link within the dataset
     * @param target as the link has it
     * @param reason words of the file system; may be empty
     */
    public record BrokenLink(String path, String target, LinkFault fault, String reason) {}

    void add(DatasetFile file) {
        files.add(file);
    }

    void add(Folder folder) {
        folders.add(folder);
    }

    void add(BrokenLink link) {
        links.add(link);
    }

    void remove(String childName) {
        String childPath = child(childName);
        files.removeIf(file -> file.name().equals(childName));
        folders.removeIf(folder -> folder.name().equals(childName));
        links.removeIf(link -> link.path().equals(childPath));
    }

    public Optional<Folder> parent() {
        return Optional.ofNullable(parent);
    }

    public String name() {
        return name;
    }

    /** Within the dataset: {@code /sub-01/anat}; {@code /} for the dataset itself. */
    public String path() {
        return path;
    }

    public Path onDisk() {
        return onDisk;
    }

    public List<DatasetFile> files() {
        return Collections.unmodifiableList(files);
    }

    public List<Folder> folders() {
        return Collections.unmodifiableList(folders);
    }

    public List<BrokenLink> links() {
        return Collections.unmodifiableList(links);
    }

    /** The path of something in this folder. */
    public String child(String childName) {
        return path.equals("/") ? "/" + childName : path + "/" + childName;
    }

    public Optional<DatasetFile> file(String fileName) {
        return files.stream().filter(file -> file.name().equals(fileName)).findFirst();
    }

    public Optional<Folder> folder(String folderName) {
        return folders.stream()
                .filter(folder -> folder.name().equals(folderName))
                .findFirst();
    }

    /** Whether a file or folder is at the path below this folder. */
    public boolean contains(String below) {
        Folder at = this;
        String[] names = below.split("/", -1);
        for (int i = 0; i < names.length - 1; i++) {
            Optional<Folder> next = at.folder(names[i]);
            if (next.isEmpty()) {
                return false;
            }
            at = next.get();
        }
        String last = names[names.length - 1];
        return at.file(last).isPresent() || at.folder(last).isPresent();
    }

    /** How many files are below. */
    public long fileCount() {
        return files.size() + folders.stream().mapToLong(Folder::fileCount).sum();
    }

    /** Bytes of all files below. */
    public long size() {
        return files.stream().mapToLong(DatasetFile::size).sum()
                + folders.stream().mapToLong(Folder::size).sum();
    }
}
