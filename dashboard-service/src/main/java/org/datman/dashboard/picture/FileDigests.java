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
 * SHA-256 of files. Computed once and cached while size, time and file key are the same, and no longer than {@link #MAX_AGE}:
 * corruption of the disk changes none of these.
 */
@ApplicationScoped
class FileDigests {

    static final Duration MAX_AGE = Duration.ofMinutes(10);
    private static final int MOST = 20_000;

    private final Clock clock;
    private final Map<Path, Known> known = new LinkedHashMap<>();

    FileDigests(Clock clock) {
        this.clock = clock;
    }

    /** Attributes that identify the content of a file without reading it. */
    private record State(long size, Instant modified, String key) {

        static State of(Path file) throws IOException {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new State(now.size(), now.lastModifiedTime().toInstant(), String.valueOf(now.fileKey()));
        }
    }

    private record Known(State state, String sha256, Instant read, boolean confirmed) {}

    /**
     * The digest of a file.
     *
     * @param state of the file that was read for it
     * @param confirmed whether it was {@link #confirm confirmed} since the file was read
     */
    record Digest(String sha256, State state, boolean confirmed) {

        /** In bytes. */
        long size() {
            return state.size();
        }

        /** Whether the file is still the one that was read. */
        boolean isOf(Path file) throws IOException {
            return State.of(file).equals(state);
        }
    }

    Digest of(Path file) throws IOException {
        State now = State.of(file);
        Known before;
        synchronized (known) {
            before = known.get(file);
        }
        if (before != null
                && before.state().equals(now)
                && before.read().plus(MAX_AGE).isAfter(clock.instant())) {
            return new Digest(before.sha256(), now, before.confirmed());
        }
        String sha256 = Archive.sha256(file);
        synchronized (known) {
            known.remove(file);
            known.put(file, new Known(now, sha256, clock.instant(), false));
            if (known.size() > MOST) {
                known.remove(known.keySet().iterator().next());
            }
        }
        return new Digest(sha256, now, false);
    }

    /** Records, as long as the digest is cached, that these are the published bytes. */
    void confirm(Path file, Digest digest) {
        synchronized (known) {
            known.computeIfPresent(
                    file,
                    (path, one) ->
                            one.state().equals(digest.state()) && one.sha256().equals(digest.sha256())
                                    ? new Known(one.state(), one.sha256(), one.read(), true)
                                    : one);
        }
    }
}
