package org.datman.platform.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutagesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "No space left on device",
                "Read-only file system",
                "Input/output error",
                "Stale file handle",
                "Disk quota exceeded",
                "Permission denied",
                "Operation not permitted",
                "Transport endpoint is not connected",
                "Host is down"
            })
    void aFaultOfTheStoragePasses(String said) {
        // Given
        Exception ofAFile = new FileSystemException("/archive/x", null, said);
        Exception ofAStream = new UncheckedIOException(new IOException(said));
        Exception ofAnOldStream = new RuntimeException(new FileNotFoundException("/archive/x (" + said + ")"));

        // When / Then
        assertThat(Outages.isOutage(ofAFile)).isTrue();
        assertThat(Outages.isOutage(ofAStream)).isTrue();
        assertThat(Outages.isOutage(ofAnOldStream)).isTrue();
    }

    @Test
    void soDoTheExceptionsThatTheJdkMakesOfThem() {
        // Given
        Exception denied = new AccessDeniedException("/archive/x");

        // When / Then
        assertThat(Outages.isOutage(denied)).isTrue();
        assertThat(Outages.isOutage(new ReadOnlyFileSystemException())).isTrue();
    }

    @Test
    void aFaultOfOneFileStays() {
        // Given
        Exception gone = new NoSuchFileException("/archive/x");

        // When / Then
        assertThat(Outages.isOutage(gone)).isFalse();
        assertThat(Outages.isOutage(new FileAlreadyExistsException("/archive/x")))
                .isFalse();
        assertThat(Outages.isOutage(new DirectoryNotEmptyException("/archive/x")))
                .isFalse();
        assertThat(Outages.isOutage(new FileSystemException("/archive/x", null, "File name too long")))
                .isFalse();
        assertThat(Outages.isOutage(new IOException("Unexpected end of ZLIB input stream")))
                .isFalse();
    }
}
