package org.datman.simulator.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Several files as one stream, written as XNAT writes it: no length, stored by default, missing files silently skipped.
 *
 * @param format {@code zip}, {@code tar} or {@code tar.gz}
 * @param deflate whether zip entries are compressed
 */
public record ArchiveDownload(String fileName, String format, boolean deflate, List<Entry> entries) {

    /**
     * One file of the stream.
     *
     * @param damageAt index of the byte to corrupt, -1 for none
     */
    public record Entry(String name, Path source, Instant modified, long damageAt) {
        InputStream open() throws IOException {
            InputStream in = Files.newInputStream(source);
            return damageAt < 0 ? in : new WrongByte(in, damageAt);
        }
    }

    public ArchiveDownload withEntries(List<Entry> newEntries) {
        return new ArchiveDownload(fileName, format, deflate, newEntries);
    }

    String contentType() {
        return switch (format) {
            case "zip" -> "application/zip";
            case "tar" -> "application/x-tar";
            default -> "application/x-gzip";
        };
    }

    void writeTo(OutputStream out) throws IOException {
        switch (format) {
            case "zip" -> zip(out);
            case "tar" -> tar(out);
            default -> {
                try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                    tar(gzip);
                }
            }
        }
    }

    private void zip(OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        for (Entry entry : entries) {
            if (!Files.isReadable(entry.source)) {
                continue;
            } // XNAT's way: the listing is the only proof of completeness
            try {
                zip.putNextEntry(zipEntry(entry));
            } catch (ZipException duplicate) {
                break; // XNAT's stream ends here, with a central directory: a valid zip that is incomplete
            }
            copy(entry, zip);
            zip.closeEntry();
        }
        zip.finish();
        zip.flush();
    }

    private ZipEntry zipEntry(Entry entry) throws IOException {
        ZipEntry header = new ZipEntry(entry.name);
        header.setLastModifiedTime(FileTime.from(entry.modified));
        if (!deflate) {
            header.setMethod(ZipEntry.STORED);
            CRC32 crc = new CRC32();
            long size = 0;
            try (InputStream in = entry.open()) {
                byte[] buffer = new byte[1 << 16];
                for (int n; (n = in.read(buffer)) >= 0; size += n) {
                    crc.update(buffer, 0, n);
                }
            }
            header.setCrc(crc.getValue());
            header.setSize(size);
        }
        return header;
    }

    private void tar(OutputStream out) throws IOException {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        for (Entry entry : entries) {
            if (!Files.isReadable(entry.source)) {
                continue;
            }
            TarArchiveEntry header = new TarArchiveEntry(entry.name);
            header.setSize(Files.size(entry.source));
            header.setModTime(FileTime.from(entry.modified));
            tar.putArchiveEntry(header);
            copy(entry, tar);
            tar.closeArchiveEntry();
        }
        tar.finish();
        tar.flush();
    }

    private static void copy(Entry entry, OutputStream out) throws IOException {
        try (InputStream in = entry.open()) {
            in.transferTo(out);
        }
    }

    /** Forwards bytes, with the one at {@code position} inverted. */
    static final class WrongByte extends FilterInputStream {
        private final long position;
        private long at;

        WrongByte(InputStream in, long position) {
            super(in);
            this.position = position;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            if (value < 0) {
                return value;
            }
            return at++ == position ? value ^ 0xff : value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = super.read(buffer, offset, length);
            if (n > 0 && position >= at && position < at + n) {
                buffer[offset + (int) (position - at)] ^= (byte) 0xff;
            }
            if (n > 0) {
                at += n;
            }
            return n;
        }
    }
}
