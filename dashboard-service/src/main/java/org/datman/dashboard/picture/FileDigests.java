package org.datman.dashboard.picture;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.datman.platform.archive.Archive;

/**
 * SHA-256 of files. Read once and kept while size, time and place on the disk are the same, and no longer than {@link #KEPT}: bytes
 * that a disk loses change none of these.
 */
@ApplicationScoped
class FileDigests {

    static final Duration KEPT = Duration.ofMinutes(10);
    private static final int MOST = 20_000;

    private final Clock clock;
    private final Map<Path, Known> known = new LinkedHashMap<>();

    FileDigests(Clock clock) {
        this.clock = clock;
    }

    private record Known(long size, Instant modified, Object key, String sha256, Instant read) {}

    /**
     * The digest of a file.
     *
     * @param fresh whether the file was read for it just now
     */
    record Digest(String sha256, boolean fresh) {}

    Digest of(Path file) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        Instant modified = now.lastModifiedTime().toInstant();
        Known before;
        synchronized (known) {
            before = known.get(file);
        }
        if (before != null
                && before.size() == now.size()
                && before.modified().equals(modified)
                && String.valueOf(before.key()).equals(String.valueOf(now.fileKey()))
                && before.read().plus(KEPT).isAfter(clock.instant())) {
            return new Digest(before.sha256(), false);
        }
        String sha256 = Archive.sha256(file);
        synchronized (known) {
            known.remove(file);
            known.put(file, new Known(now.size(), modified, now.fileKey(), sha256, clock.instant()));
            if (known.size() > MOST) {
                known.remove(known.keySet().iterator().next());
            }
        }
        return new Digest(sha256, true);
    }
}
