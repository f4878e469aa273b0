package org.datman.simulator.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** MD5 of files, computed on first use and cached until size or time of the file change. */
public final class Digests {
    private record Known(long size, long modifiedMillis, String md5) {}

    private final ConcurrentMap<Path, Known> known = new ConcurrentHashMap<>();

    /** MD5 of a file as lower-case hex; empty when it cannot be read, as XNAT reports for a file missing on disk. */
    public String md5(Path file) {
        try {
            long size = Files.size(file);
            long modified = Files.getLastModifiedTime(file).toMillis();
            Known entry = known.get(file);
            if (entry == null || entry.size != size || entry.modifiedMillis != modified) {
                entry = new Known(size, modified, digest(file));
                known.put(file, entry);
            }
            return entry.md5;
        } catch (IOException missing) {
            return "";
        }
    }

    private static String digest(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            byte[] buffer = new byte[1 << 16];
            for (int n; (n = in.read(buffer)) >= 0; ) {
                md5.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(md5.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new UncheckedIOException(new IOException("this Java has no MD5", impossible));
        }
    }
}
