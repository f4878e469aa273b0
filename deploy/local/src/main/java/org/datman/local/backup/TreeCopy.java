package org.datman.local.backup;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SequenceWriter;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.archive.Fixity;
import org.datman.contracts.event.EventJson;
import org.jspecify.annotations.Nullable;

/**
 * A folder of a backup, copied or listed. A file that has the size, the times and the number on the disk that it had at an earlier backup
 * is not read again: its copy there becomes the copy here, as a hard link where the disk has them.
 */
final class TreeCopy {

    private static final int BUFFER = 1 << 20;
    private static final int TRIES = 3;
    private static final ObjectWriter LINES =
            EventJson.mapper().writerFor(TreeFile.class).withRootValueSeparator("\n");

    private final Path source;
    private final Set<String> leftOut;
    private final Digests digests;
    private final boolean followLinks;
    private long files;
    private long bytes;
    private long read;

    /**
     * A folder.
     *
     * @param leftOut folders and files in it that do not belong into a backup
     * @param digests of files that need not be read to be listed
     * @param followLinks whether a link to a file is taken as that file
     */
    TreeCopy(Path source, Set<String> leftOut, Digests digests, boolean followLinks) {
        this.source = source;
        this.leftOut = leftOut;
        this.digests = digests;
        this.followLinks = followLinks;
    }

    /** Knows digests of files that were computed before. */
    @FunctionalInterface
    interface Digests {
        /** The SHA-256 of a file of that size; null when it is not known. */
        @Nullable
        String find(String path, long size) throws IOException;
    }

    /** Bytes that were read. */
    long read() {
        return read;
    }

    /**
     * Copies or lists it.
     *
     * @param name of the folder in the backup
     * @param copy whether the files are copied
     * @param earlier the same of an earlier backup; null when there is none
     * @param earlierBackup its folder
     */
    BackupManifest.Tree write(
            String name,
            boolean copy,
            PartWriter parts,
            BackupManifest.@Nullable Tree earlier,
            @Nullable Path earlierBackup)
            throws IOException {
        Path linkFrom = earlier != null && earlier.copied() && earlierBackup != null
                ? earlierBackup.resolve(earlier.name())
                : null;
        Path target = parts.folder().resolve(name);
        String list = name + ".jsonl.gz";
        if (copy) {
            PartWriter.folder(target);
        }
        try (Earlier known = new Earlier(
                        earlier == null || earlierBackup == null ? null : earlierBackup.resolve(earlier.list()));
                OutputStream out = parts.openGzip(list);
                SequenceWriter lines = LINES.writeValues(out)) {
            walk(source, path -> {
                TreeFile file = file(path, copy ? target : null, known.find(path), linkFrom);
                if (file != null) {
                    lines.write(file);
                    files++;
                    bytes += file.size();
                }
            });
        }
        return new BackupManifest.Tree(name, source.toString(), list, files, bytes, copy);
    }

    private interface Visit {
        void path(String path) throws IOException;
    }

    /** Each folder by name, so that two lists are in the same order. */
    private void walk(Path folder, Visit visit) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> names = Files.newDirectoryStream(folder)) {
            names.forEach(entries::add);
        } catch (NoSuchFileException gone) {
            return;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        entries.sort(Comparator.comparing(entry -> entry.getFileName().toString()));
        for (Path entry : entries) {
            String path = source.relativize(entry).toString();
            if (leftOut.contains(path)) {
                continue;
            }
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                walk(entry, visit);
            } else {
                visit.path(path);
            }
        }
    }

    /** The list of an earlier backup, read beside the walk: both have the same order, and few files are in memory. */
    private static final class Earlier implements AutoCloseable {

        private final @Nullable MappingIterator<TreeFile> files;
        private @Nullable TreeFile next;

        Earlier(@Nullable Path list) throws IOException {
            files = list == null ? null : open(list);
            advance();
        }

        private void advance() throws IOException {
            next = files != null && files.hasNextValue() ? files.nextValue() : null;
        }

        @Nullable
        TreeFile find(String path) throws IOException {
            while (next != null && ORDER.compare(next.path(), path) < 0) {
                advance();
            }
            return next != null && next.path().equals(path) ? next : null;
        }

        @Override
        public void close() throws IOException {
            if (files != null) {
                files.close();
            }
        }
    }

    /** That of the walk: name by name. */
    static final Comparator<String> ORDER = (a, b) -> Arrays.compare(a.split("/", -1), b.split("/", -1));

    /** Null when it is gone meanwhile, or neither a file nor a link. */
    private @Nullable TreeFile file(
            String path, @Nullable Path target, @Nullable TreeFile known, @Nullable Path linkFrom) throws IOException {
        Path file = source.resolve(path);
        Path copy = target == null ? null : target.resolve(path);
        try {
            for (int attempt = 1; ; attempt++) {
                Map<String, Object> before = attributes(file);
                if (Boolean.TRUE.equals(before.get("isSymbolicLink"))) {
                    return new TreeFile(
                            path, 0, "", 0, "", "", Files.readSymbolicLink(file).toString());
                }
                if (!Boolean.TRUE.equals(before.get("isRegularFile"))) {
                    return null;
                }
                String sha256 = digest(file, path, facts(before), copy, known, linkFrom);
                if (facts(before).equals(facts(attributes(file))) || attempt == TRIES) {
                    return new TreeFile(
                            path,
                            copy == null ? number(before, "size") : Files.size(copy),
                            facts(before),
                            ((FileTime) before.getOrDefault("lastModifiedTime", FileTime.fromMillis(0))).toMillis(),
                            mode(before),
                            sha256,
                            "");
                }
                // It was written meanwhile: once more.
                if (copy != null) {
                    Files.deleteIfExists(copy);
                }
            }
        } catch (NoSuchFileException gone) {
            if (copy != null) {
                Files.deleteIfExists(copy);
            }
            return null;
        }
    }

    private String digest(
            Path file,
            String path,
            String facts,
            @Nullable Path copy,
            @Nullable TreeFile known,
            @Nullable Path linkFrom)
            throws IOException {
        TreeFile unchanged = known != null && !facts.isEmpty() && known.facts().equals(facts) ? known : null;
        if (copy == null) {
            if (unchanged != null) {
                return unchanged.sha256();
            }
            long size = Files.size(file);
            String found = digests.find(path, size);
            if (found != null) {
                return found;
            }
            read += size;
            return Fixity.sha256(file);
        }
        if (unchanged != null && linkFrom != null && link(linkFrom.resolve(path), copy)) {
            return unchanged.sha256();
        }
        String sha256 = copy(file, copy);
        read += Files.size(copy);
        return sha256;
    }

    private static boolean link(Path from, Path to) throws IOException {
        PartWriter.folderOf(to);
        try {
            Files.createLink(to, from);
            return true;
        } catch (IOException | UnsupportedOperationException unlinkable) {
            // A disk without hard links, or with too many of this file: it is copied.
            return false;
        }
    }

    /** Copies a file, and returns its SHA-256. */
    static String copy(Path from, Path to) throws IOException {
        MessageDigest digest = DigestUtils.getSha256Digest();
        try (InputStream in = Files.newInputStream(from);
                FileChannel out = PartWriter.create(to)) {
            byte[] buffer = new byte[BUFFER];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                digest.update(buffer, 0, length);
                ByteBuffer left = ByteBuffer.wrap(buffer, 0, length);
                while (left.hasRemaining()) {
                    out.write(left);
                }
            }
            out.force(true);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private Map<String, Object> attributes(Path file) throws IOException {
        LinkOption[] links = followLinks && Files.isRegularFile(file)
                ? new LinkOption[0]
                : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
        try {
            return Files.readAttributes(file, "unix:*", links);
        } catch (UnsupportedOperationException | IllegalArgumentException notPosix) {
            return Files.readAttributes(file, "*", links);
        }
    }

    /** Empty where the system does not tell them all: the file is read then. */
    private static String facts(Map<String, Object> attributes) {
        return attributes.get("ctime") instanceof FileTime changed
                        && attributes.get("lastModifiedTime") instanceof FileTime modified
                ? number(attributes, "size") + " " + modified.to(TimeUnit.NANOSECONDS) + " "
                        + changed.to(TimeUnit.NANOSECONDS) + " " + attributes.get("ino")
                : "";
    }

    private static String mode(Map<String, Object> attributes) {
        return attributes.get("permissions") instanceof Set<?> permissions
                ? PosixFilePermissions.toString(permissions.stream()
                        .map(PosixFilePermission.class::cast)
                        .collect(Collectors.toSet()))
                : "";
    }

    private static long number(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof Number value ? value.longValue() : 0;
    }

    /** Takes a file of a list. */
    @FunctionalInterface
    interface Each {
        void accept(TreeFile file) throws IOException;
    }

    /** Reads a list, one file after the other. */
    static void each(Path list, Each each) throws IOException {
        try (MappingIterator<TreeFile> files = open(list)) {
            while (files.hasNextValue()) {
                each.accept(files.nextValue());
            }
        }
    }

    private static MappingIterator<TreeFile> open(Path list) throws IOException {
        return EventJson.mapper()
                .readerFor(TreeFile.class)
                .readValues(new BufferedInputStream(new GZIPInputStream(Files.newInputStream(list), BUFFER), BUFFER));
    }
}
