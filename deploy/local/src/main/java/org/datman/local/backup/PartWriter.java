package org.datman.local.backup;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.codec.digest.DigestUtils;

/** Writes the files of a backup, readable by their owner only, and notes their digests. */
final class PartWriter {

    private static final int BUFFER = 1 << 16;
    private static final FileAttribute<?> OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> OWNERS_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path folder;
    private final List<BackupManifest.Part> parts = new ArrayList<>();

    PartWriter(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    /** The files that were written, each with its digest. */
    List<BackupManifest.Part> parts() {
        return List.copyOf(parts);
    }

    /** A new folder that its owner alone may enter. */
    static void folder(Path folder) throws IOException {
        Files.createDirectories(folder, OWNERS_FOLDER);
    }

    /** The folder that a new file will be in. */
    static void folderOf(Path file) throws IOException {
        folder(Objects.requireNonNull(file.getParent()));
    }

    /** A channel to a new file that its owner alone may read. */
    static FileChannel create(Path file) throws IOException {
        folderOf(file);
        return FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER);
    }

    /** A part of the backup; complete, and on the disk, when it is closed. */
    OutputStream open(String path) throws IOException {
        FileChannel channel = create(folder.resolve(path));
        MessageDigest digest = DigestUtils.getSha256Digest();
        OutputStream file =
                new BufferedOutputStream(new DigestOutputStream(Channels.newOutputStream(channel), digest), BUFFER);
        return new FilterOutputStream(file) {
            private boolean closed;

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                if (closed) {
                    return;
                }
                closed = true;
                try (channel) {
                    out.flush();
                    channel.force(true);
                    parts.add(new BackupManifest.Part(
                            path, channel.size(), HexFormat.of().formatHex(digest.digest())));
                }
            }
        };
    }

    /** The same, compressed: quickly, because a backup reads more than it keeps. */
    OutputStream openGzip(String path) throws IOException {
        return new GZIPOutputStream(open(path), BUFFER) {
            {
                def.setLevel(Deflater.BEST_SPEED);
            }
        };
    }

    /** Takes a part of an earlier backup as it is, without reading it. */
    void link(Path earlierBackup, BackupManifest.Part part) throws IOException {
        Path target = folder.resolve(part.path());
        folderOf(target);
        Files.createLink(target, earlierBackup.resolve(part.path()));
        parts.add(part);
    }
}
