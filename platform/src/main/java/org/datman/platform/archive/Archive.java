package org.datman.platform.archive;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.contracts.event.FileRef;
import org.datman.platform.event.OutageException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The archive folder. All paths in events are relative to it, with forward slashes. */
@ApplicationScoped
public class Archive {

    private static final int BUFFER = 1 << 16;

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
        if (relative.isBlank() || relative.indexOf('\0') >= 0 || relative.indexOf('\\') >= 0) {
            throw new IllegalArgumentException("'" + relative + "' is no path in the archive");
        }
        Path path = root.resolve(relative).normalize();
        if (!path.startsWith(root) || path.equals(root)) {
            throw new IllegalArgumentException("'" + relative + "' points outside the archive");
        }
        return path;
    }

    /** The path of a file in the archive as used in events. */
    public String relative(Path path) {
        return root.relativize(path.toAbsolutePath().normalize()).toString().replace('\\', '/');
    }

    /** Writes a file atomically: to a temporary file in the same folder, synced to disk, then renamed. */
    public FileRef write(String role, String relative, byte[] bytes) throws IOException {
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
        return new FileRef(role, relative(target), bytes.length, HexFormat.of().formatHex(sha256().digest(bytes)));
    }

    /** Moves a finished file into the archive: copied to the target folder unless on the same file system, then renamed. */
    public FileRef take(String role, Path source, String relative) throws IOException {
        move(source, relative);
        return describe(role, resolve(relative));
    }

    /** The same for a file whose size and digest are known. */
    public FileRef take(FileRef described, Path source) throws IOException {
        move(source, described.path());
        return described;
    }

    private void move(Path source, String relative) throws IOException {
        Path target = resolve(relative);
        Path beside = beside(target);
        try {
            try {
                Files.move(source, beside, StandardCopyOption.ATOMIC_MOVE);
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
    public FileRef describe(String role, Path file) throws IOException {
        return new FileRef(role, relative(file), Files.size(file), sha256(file));
    }

    /** SHA-256 of a file in lower-case hex. */
    public static String sha256(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            byte[] buffer = new byte[BUFFER];
            while (in.read(buffer) >= 0) {
                continue;
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** A new SHA-256 digest. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
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
