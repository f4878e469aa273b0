package org.datman.dashboard.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.datman.contracts.testkit.MovedClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDigestsTest {

    @TempDir
    Path folder;

    private final MovedClock clock = new MovedClock(Instant.parse("2026-11-20T10:00:00Z"));
    private final FileDigests digests = new FileDigests(clock);

    @Test
    void aFileIsReadOnceUntilItChangesOrSomeTimeHasPassed() throws Exception {
        // Given
        Path file = Files.writeString(folder.resolve("a"), "one");
        FileTime written = Files.getLastModifiedTime(file);
        FileDigests.Digest first = digests.of(file);
        digests.confirm(file, first);
        FileDigests.Digest second = digests.of(file);

        // When: as a bad disk would do it, with nothing but the content changed
        Files.writeString(file, "eno");
        Files.setLastModifiedTime(file, written);
        FileDigests.Digest soon = digests.of(file);
        clock.advance(FileDigests.MAX_AGE);
        FileDigests.Digest later = digests.of(file);

        // Then
        assertThat(first.confirmed()).isFalse();
        assertThat(second.sha256()).isEqualTo(first.sha256());
        assertThat(second.confirmed()).isTrue();
        assertThat(soon).isEqualTo(second);
        assertThat(later.confirmed()).isFalse();
        assertThat(later.sha256()).isNotEqualTo(first.sha256());
    }

    @Test
    void anotherSizeOrTimeIsReadAtOnce() throws Exception {
        // Given
        Path file = Files.writeString(folder.resolve("a"), "one");
        FileDigests.Digest before = digests.of(file);
        digests.confirm(file, before);
        Files.writeString(file, "other");

        // When
        FileDigests.Digest after = digests.of(file);

        // Then
        assertThat(after.confirmed()).isFalse();
        assertThat(after.sha256()).isNotEqualTo(before.sha256());
    }

    @Test
    void aFileThatTookItsPlaceIsAnotherHoweverLikeItIs() throws Exception {
        // Given
        Path file = Files.writeString(folder.resolve("a"), "one");
        FileDigests.Digest read = digests.of(file);
        Path other = Files.writeString(folder.resolve("b"), "two");
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
        boolean before = read.isOf(file);

        // When
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        digests.confirm(file, read);

        // Then
        assertThat(before).isTrue();
        assertThat(read.isOf(file)).isFalse();
        assertThat(digests.of(file).confirmed()).isFalse();
    }
}
