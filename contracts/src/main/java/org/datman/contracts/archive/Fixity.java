package org.datman.contracts.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.FileRef;

/** Whether a file of the archive still has the bytes that were published. */
public final class Fixity {

    /** A published file that is not there. */
    public static final Difference MISSING = new Difference(true, "is missing");

    /** A published file whose bytes have another digest. */
    public static final Difference OTHER_CONTENT = new Difference(false, "has other content");

    private static final Difference LINK = new Difference(false, "is a link instead of a file");
    private static final int BUFFER = 1 << 16;

    private Fixity() {}

    /**
     * How a file is not as it was published.
     *
     * @param missing whether there is no such file
     * @param text what follows its name in a sentence
     */
    public record Difference(boolean missing, String text) {}

    /**
     * A place in an archive.
     *
     * @param root the archive, absolute and normalised
     * @param relative as in events; untrusted input
     * @throws IllegalArgumentException when it points outside the archive
     */
    public static Path resolve(Path root, String relative) {
        if (relative.isBlank() || relative.indexOf('\0') >= 0 || relative.indexOf('\\') >= 0) {
            throw new IllegalArgumentException("'" + relative + "' is no path in the archive");
        }
        Path path = root.resolve(relative).normalize();
        if (!path.startsWith(root) || path.equals(root)) {
            throw new IllegalArgumentException("'" + relative + "' points outside the archive");
        }
        return path;
    }

    /**
     * How a file differs from the one that was published, its bytes included. A link is none of ours: what it leads to may
     * change without being seen.
     *
     * @return empty when it is byte-identical
     * @throws IllegalArgumentException when the path points outside the archive
     */
    public static Optional<Difference> verify(Path root, FileRef file) throws IOException {
        Optional<Difference> difference = verifySize(root, file);
        if (difference.isPresent()) {
            return difference;
        }
        try {
            return sha256(resolve(root, file.path())).equals(file.sha256())
                    ? Optional.empty()
                    : Optional.of(OTHER_CONTENT);
        } catch (NoSuchFileException justGone) {
            return Optional.of(MISSING);
        }
    }

    /** As {@link #verify}, without reading the file: a file of the same size may still have other bytes. */
    public static Optional<Difference> verifySize(Path root, FileRef file) throws IOException {
        Path path = resolve(root, file.path());
        if (!isFile(path)) {
            return Optional.of(Files.isSymbolicLink(path) ? LINK : MISSING);
        }
        try {
            long size = Files.size(path);
            return size == file.size()
                    ? Optional.empty()
                    : Optional.of(new Difference(false, "has " + size + " bytes, not " + file.size()));
        } catch (NoSuchFileException justGone) {
            return Optional.of(MISSING);
        }
    }

    /** Whether there is a file, and no link: DATMAN writes none. */
    public static boolean isFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** SHA-256 of a file in lower-case hex. */
    public static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            MessageDigest digest = DigestUtils.getSha256Digest();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
