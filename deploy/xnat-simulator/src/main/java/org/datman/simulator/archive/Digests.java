package org.datman.simulator.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.commons.codec.digest.DigestUtils;

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
            return DigestUtils.md5Hex(in);
        }
    }
}
