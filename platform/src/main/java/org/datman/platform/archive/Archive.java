package org.datman.platform.archive;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.contracts.archive.Fixity;
import org.datman.contracts.archive.Fixity.Difference;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.platform.event.OutageException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The archive folder. All paths in events are relative to it, with forward slashes. */
@ApplicationScoped
public class Archive {

    private final Path root;
    private final boolean create;
    private volatile boolean created;

    /**
     * The archive of an installation.
     *
     * @param create whether a folder without the archive mark becomes an archive on the first write. Not for an archive with real data:
     *     a service started while the mount is missing cannot distinguish an empty folder from a new archive. The installer
     *     creates the mark, with {@link ArchiveMark}
     */
    @Inject
    public Archive(
            @ConfigProperty(name = "datman.archive") Path root,
            @ConfigProperty(name = "datman.archive.create", defaultValue = "false") boolean create) {
        this.root = root.toAbsolutePath().normalize();
        this.create = create;
    }

    /** A folder that becomes an archive on the first write. */
    public Archive(Path root) {
        this(root, true);
    }

    /** Whether the folder exists and is an archive. */
    public boolean isThere() {
        return ArchiveMark.isThere(root);
    }

    /** Whether the archive is available: it exists, or may still be created. */
    boolean isUsable() {
        return isThere() || create && !created;
    }

    /**
     * Makes sure that the archive is available before a write, or before a file counts as missing. A missing mount leaves an
     * empty folder, or none: files written into it would be hidden once the mount is back.
     *
     * @throws OutageException when it is not available
     */
    public void requireThere() throws IOException {
        if (isThere()) {
            created = true;
        } else if (create && !created) {
            ArchiveMark.create(root);
            created = true;
        } else {
            throw new OutageException(ArchiveMark.away(root));
        }
    }

    /** The folder itself. */
    public Path root() {
        return root;
    }

    /**
     * A place in the archive.
     *
     * @param relative as in events; untrusted input
     * @throws IllegalArgumentException when it points outside the archive
     */
    public Path resolve(String relative) {
        return Fixity.resolve(root, relative);
    }

    /** The path of a file in the archive as used in events. */
    public String relative(Path path) {
        return root.relativize(path.toAbsolutePath().normalize()).toString().replace('\\', '/');
    }

    /** Writes a file atomically: to a temporary file in the same folder, synced to disk, then renamed. */
    public FileRef write(FileRole role, String relative, byte[] bytes) throws IOException {
        Path target = resolve(relative);
        Path beside = beside(target);
        try {
            try (OutputStream out = Files.newOutputStream(beside)) {
                out.write(bytes);
            }
            publish(beside, target);
        } finally {
            Files.deleteIfExists(beside);
        }
        return new FileRef(role, relative(target), bytes.length, DigestUtils.sha256Hex(bytes));
    }

    /** Moves a finished file into the archive: copied to the target folder unless on the same file system, then renamed. */
    public FileRef store(FileRole role, Path source, String relative) throws IOException {
        move(source, relative);
        return describe(role, resolve(relative));
    }

    /**
     * Copies a finished file into the archive, compares the copy with it, and leaves it where it is, so that all can be done again.
     *
     * @throws IOException when it cannot be copied, or the copy has other bytes
     */
    public FileRef storeCopy(FileRole role, Path source, String relative) throws IOException {
        Path target = resolve(relative);
        Path beside = beside(target);
        try {
            // As a new file: a copy with the rights of a read-only one could not be written to disk for good.
            try (InputStream in = Files.newInputStream(source)) {
                Files.copy(in, beside);
            }
            FileRef stored = new FileRef(role, relative(target), Files.size(beside), sha256(beside));
            if (!stored.sha256().equals(sha256(source))) {
                throw new IOException("The copy of " + source.getFileName() + " has other bytes than the file");
            }
            publish(beside, target);
            return stored;
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /** As {@link #store} a file whose size and digest are known. */
    public FileRef store(FileRef described, Path source) throws IOException {
        move(source, described.path());
        return described;
    }

    private void move(Path source, String relative) throws IOException {
        Path target = resolve(relative);
        Path beside = beside(target);
        try {
            try {
                if (Files.isSymbolicLink(source)) {
                    // What it leads to, since the archive holds no links.
                    Files.copy(source, beside, StandardCopyOption.REPLACE_EXISTING);
                    Files.delete(source);
                } else {
                    Files.move(source, beside, StandardCopyOption.ATOMIC_MOVE);
                }
            } catch (AtomicMoveNotSupportedException otherFileSystem) {
                Files.copy(source, beside, StandardCopyOption.REPLACE_EXISTING);
                Files.delete(source);
            }
            publish(beside, target);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /** Size and SHA-256 of a file in the archive. */
    public FileRef describe(FileRole role, Path file) throws IOException {
        return new FileRef(role, relative(file), Files.size(file), sha256(file));
    }

    /**
     * How a file differs from the one that was published, its bytes included. A link is none of ours: what it leads to may change
     * without being seen.
     *
     * @return empty when it is byte-identical
     * @throws OutageException when the archive is unavailable: its files do not count as missing
     * @throws IllegalArgumentException when the path points outside the archive
     */
    public Optional<Difference> verify(FileRef file) throws IOException {
        requireThere();
        Optional<Difference> difference = Fixity.verify(root, file);
        requireThereStill(difference.isPresent());
        return difference;
    }

    /** As {@link #verify}, without reading the file: a file of the same size may still have other bytes. */
    public Optional<Difference> verifySize(FileRef file) throws IOException {
        requireThere();
        Optional<Difference> difference = Fixity.verifySize(root, file);
        requireThereStill(difference.isPresent());
        return difference;
    }

    /** The archive may have gone while the file was looked for. */
    private void requireThereStill(boolean differs) throws IOException {
        if (differs) {
            requireThere();
        }
    }

    /** As {@link #verify}, of the bytes that are copied out of the archive while they are read. */
    public Optional<Difference> copy(FileRef file, Path target) throws IOException {
        Optional<Difference> difference = verifySize(file);
        if (difference.isPresent()) {
            return difference;
        }
        MessageDigest digest = DigestUtils.getSha256Digest();
        try (InputStream in = Files.newInputStream(resolve(file.path()));
                OutputStream out = new DigestOutputStream(Files.newOutputStream(target), digest)) {
            in.transferTo(out);
        } catch (NoSuchFileException justGone) {
            return Optional.of(Fixity.MISSING);
        }
        return HexFormat.of().formatHex(digest.digest()).equals(file.sha256())
                ? Optional.empty()
                : Optional.of(Fixity.OTHER_CONTENT);
    }

    /** Whether there is a file, and no link: DATMAN writes none. */
    public static boolean isFile(Path path) {
        return Fixity.isFile(path);
    }

    /** SHA-256 of a file in lower-case hex. */
    public static String sha256(Path file) throws IOException {
        return Fixity.sha256(file);
    }

    private Path beside(Path target) throws IOException {
        requireThere();
        Files.createDirectories(target.getParent());
        return target.resolveSibling("." + UUID.randomUUID() + ".part");
    }

    private static void publish(Path beside, Path target) throws IOException {
        try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
