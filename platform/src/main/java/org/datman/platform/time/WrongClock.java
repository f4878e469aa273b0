package org.datman.platform.time;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/**
 * A clock that is wrong by the seconds that a file holds, with their sign; right while the file cannot be read. {@code ./datman chaos} changes the file while a
 * service runs: libfaketime, which does that to any program, makes each timed wait of a JVM spin.
 */
final class WrongClock extends Clock {

    private static final long READ_AGAIN_NANOS = Duration.ofMillis(500).toNanos();

    private final Clock right;
    private final Path file;
    private volatile long read;
    private volatile Duration error;

    WrongClock(Clock right, Path file) {
        this.right = right;
        this.file = file;
        this.error = read();
    }

    private Duration read() {
        read = System.nanoTime();
        try {
            return Duration.ofSeconds(Long.parseLong(Files.readString(file).strip()));
        } catch (IOException | NumberFormatException e) {
            return Duration.ZERO;
        }
    }

    @Override
    public Instant instant() {
        if (System.nanoTime() - read > READ_AGAIN_NANOS) {
            error = read();
        }
        return right.instant().plus(error);
    }

    @Override
    public ZoneId getZone() {
        return right.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new WrongClock(right.withZone(zone), file);
    }
}
