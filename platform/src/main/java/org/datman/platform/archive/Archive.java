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

/** The archive folder. All paths that are said in events are relative to it, with forward slashes. */
@ApplicationScoped
public class Archive {

    private static final int BUFFER = 1 << 16;

    private final Path root;
    private final boolean create;
    private volatile boolean created;

    /**
     * The archive of an installation.
     *
     * @param create whether a folder that is no archive yet becomes one when it is first written into. Not where people's files lie:
     *     a service that is started while the mount is away cannot tell its empty folder from a new archive. Who installs makes
     *     it one, with {@link ArchiveMark}
     */
    @Inject
    public Archive(
            @ConfigProperty(name = "datman.archive") Path root,
            @ConfigProperty(name = "datman.archive.create", defaultValue = "false") boolean create) {
        this.root = root.toAbsolutePath().normalize();
        this.create = create;
    }

    /** A folder that becomes an archive when it is first written into. */
    public Archive(Path root) {
        this(root, true);
    }

    /** Whether the folder is an archive, and there. */
    public boolean isThere() {
        return ArchiveMark.isThere(root);
    }

    /** Whether the archive is to be had: it is there, or may still be made. */
    boolean isUsable() {
        return isThere() || create && !created;
    }

    /**
     * Makes sure that the archive is there before something is written into it or missed in it. A mount that is away leaves an
     * empty folder, or none: written into, it would hide the files from everybody once the mount is back.
     *
     * @throws OutageException when it is not
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
     * @param relative as it stands in events; hostile until proven otherwise
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

    /** The path of a file in the archive as events have it. */
    public String relative(Path path) {
        return root.relativize(path.toAbsolutePath().normalize()).toString().replace('\\', '/');
    }

    /** Writes a file so that it is seen whole or not at all: beside its place, to the disk, then renamed. */
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

    /** Takes a finished file into the archive: copied beside its place unless it is on the same file system, then renamed. */
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

    /** Size and SHA-256 of a file that lies in the archive. */
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

    /** A SHA-256 to be fed. */
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
