package org.datman.simulator.importer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** Unpacks zip, tar, tar.gz and tar.xz. Entries that point out of the folder are rejected. */
public final class Unpacker {
    private static final List<String> ENDINGS = List.of(".tar.xz", ".txz", ".tar.gz", ".tgz", ".tar", ".zip");
    /** Most bytes that one archive may unpack to: no archive fills the disk. */
    private static final long LIMIT = 64L << 30;

    private Unpacker() {}

    /** Whether a file's name is that of an archive. */
    public static boolean isArchive(Path file) {
        return !ending(file).isEmpty();
    }

    /** A file's name without the ending of an archive. */
    public static String baseName(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - ending(file).length());
    }

    private static String ending(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return ENDINGS.stream().filter(name::endsWith).findFirst().orElse("");
    }

    /**
     * Unpacks into a folder, which is made.
     *
     * @throws IOException when the archive is damaged, or an entry is outside the folder; says which
     */
    public static void unpack(Path archive, Path into) throws IOException {
        Files.createDirectories(into);
        if (startsWith(archive, 'P', 'K')) {
            zip(archive, into);
        } else {
            tar(archive, into);
        }
    }

    /** By the central directory: a truncated zip is detected, where a stream reader would see a shorter zip. */
    private static void zip(Path archive, Path into) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile(), StandardCharsets.UTF_8)) {
            long left = LIMIT;
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                Path target = target(archive, into, entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    try (InputStream in = zip.getInputStream(entry)) {
                        left -= copy(in, target, left, archive);
                    }
                }
            }
        } catch (ZipException | IllegalArgumentException e) {
            throw new IOException(archive.getFileName() + " is a damaged zip: " + e.getMessage(), e);
        }
    }

    private static void tar(Path archive, Path into) throws IOException {
        try (BufferedInputStream raw = new BufferedInputStream(Files.newInputStream(archive), 1 << 16);
                TarArchiveInputStream entries = open(archive, raw)) {
            long left = LIMIT;
            for (TarArchiveEntry entry; (entry = entries.getNextEntry()) != null; ) {
                if (entry.isDirectory() && entry.getName().matches("[./]*")) {
                    continue;
                } // the folder that was packed
                Path target = target(archive, into, entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else if (entry.isFile()) {
                    left -= copy(entries, target, left, archive);
                } // links and devices hold no data
            }
        }
    }

    private static Path target(Path archive, Path into, String name) throws IOException {
        Path target = into.resolve(name.replace('\\', '/')).normalize();
        if (!target.startsWith(into.normalize())) {
            throw new IOException(archive.getFileName() + ": entry " + name + " points outside the archive");
        }
        return target;
    }

    private static boolean startsWith(Path file, char first, char second) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.read() == first && in.read() == second;
        }
    }

    private static long copy(InputStream in, Path target, long limit, Path archive) throws IOException {
        Files.createDirectories(target.getParent());
        try (OutputStream out =
                Files.newOutputStream(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[1 << 16];
            long total = 0;
            for (int n; (n = in.read(buffer)) >= 0; ) {
                total += n;
                if (total > limit) {
                    throw new IOException(archive + " unpacks to more than " + LIMIT + " bytes");
                }
                out.write(buffer, 0, n);
            }
            return total;
        } catch (FileAlreadyExistsException twice) {
            throw new IOException(archive + " holds " + target.getFileName() + " twice in one folder", twice);
        }
    }

    private static TarArchiveInputStream open(Path archive, InputStream raw) throws IOException {
        raw.mark(300);
        byte[] magic = raw.readNBytes(262);
        raw.reset();
        if (magic.length > 1 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b) {
            return new TarArchiveInputStream(new GZIPInputStream(raw), "UTF-8");
        }
        if (magic.length > 5 && (magic[0] & 0xff) == 0xfd && magic[1] == '7' && magic[2] == 'z') {
            return new TarArchiveInputStream(new XZInputStream(raw), "UTF-8");
        }
        if (magic.length > 261 && magic[257] == 'u' && magic[258] == 's' && magic[259] == 't') {
            return new TarArchiveInputStream(raw, "UTF-8");
        }
        throw new IOException(archive.getFileName() + " is neither zip nor tar, tar.gz or tar.xz");
    }
}
