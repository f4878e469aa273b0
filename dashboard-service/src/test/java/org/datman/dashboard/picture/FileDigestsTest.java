package org.datman.dashboard.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDigestsTest {

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-11-20T10:00:00Z");
    private final FileDigests digests = new FileDigests(clock(() -> now));

    @Test
    void aFileIsReadOnceUntilItChangesOrSomeTimeHasPassed() throws Exception {
        // Given
        Path file = Files.writeString(folder.resolve("a"), "one");
        FileTime written = Files.getLastModifiedTime(file);
        FileDigests.Digest first = digests.of(file);
        FileDigests.Digest second = digests.of(file);

        // When: as a bad disk would do it, with nothing but the content changed
        Files.writeString(file, "eno");
        Files.setLastModifiedTime(file, written);
        FileDigests.Digest soon = digests.of(file);
        now = now.plus(FileDigests.KEPT);
        FileDigests.Digest later = digests.of(file);

        // Then
        assertThat(first.fresh()).isTrue();
        assertThat(second).isEqualTo(new FileDigests.Digest(first.sha256(), false));
        assertThat(soon).isEqualTo(second);
        assertThat(later.fresh()).isTrue();
        assertThat(later.sha256()).isNotEqualTo(first.sha256());
    }

    @Test
    void anotherSizeOrTimeIsReadAtOnce() throws Exception {
        // Given
        Path file = Files.writeString(folder.resolve("a"), "one");
        String before = digests.of(file).sha256();
        Files.writeString(file, "other");

        // When
        FileDigests.Digest after = digests.of(file);

        // Then
        assertThat(after.fresh()).isTrue();
        assertThat(after.sha256()).isNotEqualTo(before);
    }

    private static Clock clock(InstantSource source) {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return source.instant();
            }
        };
    }
}
